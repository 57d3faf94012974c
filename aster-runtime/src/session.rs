//! The frames of a session, in the order a client sends them: for each call a
//! CALL frame, then its requests, then for request streams a trailer.
//!
//! [`SessionInput`] is pure: one frame in, one event out. It knows where one
//! call ends and the next begins, whatever became of the calls themselves, so
//! a call that is refused, fails early or is cancelled leaves the session
//! usable.

use crate::frame::{Flags, Frame};
use crate::service::Pattern;

/// What the next frame of a session may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// A CALL frame.
    Idle,
    /// The one request of a unary or server-stream call.
    Request,
    /// Requests of a client stream, until a trailer.
    Requests,
    /// Requests of a bidi call, until a trailer or the next CALL.
    Exchange,
    /// The payload of a call that was turned away, until the next CALL.
    Skipping,
}

/// What a frame means.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A call begins; the frame holds its header. Report its pattern with
    /// [`SessionInput::begin`], or turn it away with [`SessionInput::skip`].
    Call(Frame),
    /// A request of the current call.
    Request(Frame),
    /// The end of the current call's requests; the frame is the trailer.
    EndOfInput(Frame),
    /// The current call's input breaks off: a new CALL came first.
    Interrupted(Frame),
    /// A new CALL ends the input of the current bidi call, whose caller reads
    /// no trailer. The reference's dynamic session client calls bidi methods
    /// like unary ones: one request, one response, the next CALL.
    Superseded(Frame),
    /// Cancel the current call.
    Cancel,
    /// Nothing to do.
    Nothing,
    /// The peer does not follow the protocol: answer so and end the session.
    Violation(&'static str),
}

/// Follows the frames of one session.
#[derive(Debug)]
pub(crate) struct SessionInput {
    state: State,
}

impl SessionInput {
    pub(crate) fn new() -> Self {
        Self { state: State::Idle }
    }

    /// The call announced last has this pattern.
    pub(crate) fn begin(&mut self, pattern: Pattern) {
        self.state = match pattern {
            Pattern::Unary | Pattern::ServerStream => State::Request,
            Pattern::ClientStream => State::Requests,
            Pattern::Bidi => State::Exchange,
        };
    }

    /// The call announced last is turned away: skip its payload.
    pub(crate) fn skip(&mut self) {
        self.state = State::Skipping;
    }

    /// Whether no call is taking requests.
    pub(crate) fn is_between_calls(&self) -> bool {
        matches!(self.state, State::Idle | State::Skipping)
    }

    /// Takes the next frame.
    pub(crate) fn frame(&mut self, frame: Frame) -> Event {
        if frame.flags.has(Flags::CANCEL) {
            self.state = if self.state == State::Skipping { State::Skipping } else { State::Idle };
            return Event::Cancel;
        }
        if frame.flags.has(Flags::CALL) {
            // Until `begin` or `skip`, only the next CALL makes sense.
            return match std::mem::replace(&mut self.state, State::Skipping) {
                State::Request | State::Requests => Event::Interrupted(frame),
                State::Exchange => Event::Superseded(frame),
                State::Idle | State::Skipping => Event::Call(frame),
            };
        }
        let trailer = frame.flags.has(Flags::TRAILER);
        match self.state {
            State::Skipping => Event::Nothing,
            State::Idle => Event::Violation("Expected CALL frame"),
            State::Request if trailer => Event::Violation("Expected a request, got a trailer"),
            State::Request => {
                self.state = State::Idle;
                Event::Request(frame)
            }
            State::Requests | State::Exchange if trailer => {
                self.state = State::Idle;
                Event::EndOfInput(frame)
            }
            State::Requests | State::Exchange => Event::Request(frame),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use proptest::prelude::*;

    fn frame(flags: Flags) -> Frame {
        Frame { flags, payload: Bytes::from_static(b"x") }
    }

    fn run(pattern: Pattern, flags: &[Flags]) -> Vec<Event> {
        let mut input = SessionInput::new();
        flags
            .iter()
            .map(|flags| {
                let event = input.frame(frame(*flags));
                if matches!(event, Event::Call(_) | Event::Interrupted(_) | Event::Superseded(_)) {
                    input.begin(pattern);
                }
                event
            })
            .collect()
    }

    #[test]
    fn unary_calls_follow_each_other() {
        let flags = [Flags::CALL, Flags::DATA, Flags::CALL, Flags::DATA];
        let events = run(Pattern::Unary, &flags);
        assert!(matches!(
            events[..],
            [Event::Call(_), Event::Request(_), Event::Call(_), Event::Request(_)]
        ));
    }

    #[test]
    fn a_request_stream_ends_with_a_trailer() {
        let flags = [Flags::CALL, Flags::DATA, Flags::DATA, Flags::TRAILER, Flags::CALL];
        let events = run(Pattern::Bidi, &flags);
        assert!(matches!(
            events[..],
            [
                Event::Call(_),
                Event::Request(_),
                Event::Request(_),
                Event::EndOfInput(_),
                Event::Call(_)
            ]
        ));
    }

    #[test]
    fn a_call_before_the_request_interrupts() {
        let events = run(Pattern::Unary, &[Flags::CALL, Flags::CALL]);
        assert!(matches!(events[..], [Event::Call(_), Event::Interrupted(_)]));
    }

    #[test]
    fn a_call_during_a_bidi_call_supersedes_it() {
        let events = run(Pattern::Bidi, &[Flags::CALL, Flags::DATA, Flags::CALL]);
        assert!(matches!(events[..], [Event::Call(_), Event::Request(_), Event::Superseded(_)]));
    }

    #[test]
    fn a_skipped_call_swallows_its_payload_and_no_more() {
        let mut input = SessionInput::new();
        assert!(matches!(input.frame(frame(Flags::CALL)), Event::Call(_)));
        input.skip();
        assert_eq!(input.frame(frame(Flags::DATA)), Event::Nothing);
        assert_eq!(input.frame(frame(Flags::TRAILER)), Event::Nothing);
        assert!(matches!(input.frame(frame(Flags::CALL)), Event::Call(_)));
    }

    #[test]
    fn strays_between_calls_are_violations() {
        for stray in [Flags::DATA, Flags::TRAILER, Flags::HEADER] {
            let events = run(Pattern::Unary, &[Flags::CALL, Flags::DATA, stray]);
            assert!(matches!(events[2], Event::Violation(_)), "{stray:?}");
        }
    }

    #[test]
    fn cancel_ends_the_input_of_the_call() {
        let flags = [Flags::CALL, Flags::DATA, Flags::CANCEL, Flags::CALL];
        let events = run(Pattern::ClientStream, &flags);
        assert!(matches!(
            events[..],
            [Event::Call(_), Event::Request(_), Event::Cancel, Event::Call(_)]
        ));
        assert_eq!(run(Pattern::Unary, &[Flags::CANCEL]), [Event::Cancel]);
    }

    fn any_flags() -> impl Strategy<Value = Flags> {
        proptest::sample::select(vec![
            Flags::DATA,
            Flags::COMPRESSED,
            Flags::TRAILER,
            Flags::HEADER,
            Flags::CALL,
            Flags::CANCEL,
        ])
    }

    proptest! {
        /// Whatever the peer sends, requests belong to a call that began and
        /// has not ended.
        #[test]
        fn requests_lie_within_calls(
            flags in proptest::collection::vec(any_flags(), 0..60),
            patterns in proptest::collection::vec(0..5usize, 60),
        ) {
            let mut input = SessionInput::new();
            let mut open = false;
            for (flags, pattern) in flags.into_iter().zip(patterns) {
                match input.frame(frame(flags)) {
                    Event::Call(_) => { prop_assert!(!open); open = start(&mut input, pattern); }
                    Event::Interrupted(_) | Event::Superseded(_) => { prop_assert!(open); open = start(&mut input, pattern); }
                    Event::Request(_) => {
                        prop_assert!(open);
                        open = input.state != State::Idle;
                    }
                    Event::EndOfInput(_) => { prop_assert!(open); open = false; }
                    Event::Cancel => open = false,
                    Event::Violation(_) => return Ok(()),
                    Event::Nothing => {}
                }
            }

            fn start(input: &mut SessionInput, pattern: usize) -> bool {
                let all = [Pattern::Unary, Pattern::ServerStream, Pattern::ClientStream, Pattern::Bidi];
                match all.get(pattern) {
                    Some(pattern) => { input.begin(*pattern); true }
                    None => { input.skip(); false }
                }
            }
        }
    }
}
