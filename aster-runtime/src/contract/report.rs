//! A compile error whose text is put together in a constant.

/// The most bytes of a report.
const MAX: usize = 4096;

/// The text of an error. What does not fit is left out.
pub(crate) struct Report {
    bytes: [u8; MAX],
    len: usize,
}

impl Report {
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; MAX], len: 0 }
    }

    pub(crate) const fn add(&mut self, text: &str) {
        if let Some((_, free)) = self.bytes.split_at_mut_checked(self.len)
            && let Some((place, _)) = free.split_at_mut_checked(text.len())
        {
            place.copy_from_slice(text.as_bytes());
            self.len += text.len();
        }
    }

    pub(crate) const fn add_number(&mut self, number: i32) {
        if number < 0 {
            self.add("-");
        }
        let number = number.unsigned_abs();
        let mut unit = 1;
        while number / unit >= 10 {
            unit *= 10;
        }
        while unit > 0 {
            self.add_byte(b'0' + (number / unit % 10) as u8);
            unit /= 10;
        }
    }

    pub(crate) const fn add_hex(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let [byte, after @ ..] = rest {
            self.add_byte(hex_digit(*byte >> 4));
            self.add_byte(hex_digit(*byte & 15));
            rest = after;
        }
    }

    const fn add_byte(&mut self, byte: u8) {
        if let Some((_, [place, ..])) = self.bytes.split_at_mut_checked(self.len) {
            *place = byte;
            self.len += 1;
        }
    }

    /// Fails to compile with this text.
    #[track_caller]
    pub(crate) const fn fail(&self) -> ! {
        let text = match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "",
        };
        #[allow(clippy::panic, reason = "runs at compile time, where a panic is an error")]
        {
            panic!("{}", text)
        }
    }
}

const fn hex_digit(value: u8) -> u8 {
    if value < 10 { b'0' + value } else { b'a' - 10 + value }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(report: &Report) -> &str {
        std::str::from_utf8(&report.bytes[..report.len]).unwrap()
    }

    #[test]
    fn numbers_and_bytes_have_their_digits() {
        let mut report = Report::new();
        for number in [0, 7, 10, 1205, -1, i32::MAX, i32::MIN] {
            report.add_number(number);
            report.add(" ");
        }
        report.add_hex(&[0x00, 0x9a, 0xff]);
        assert_eq!(text(&report), "0 7 10 1205 -1 2147483647 -2147483648 009aff");
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let mut report = Report::new();
        report.add(&"x".repeat(MAX - 1));
        report.add("ab");
        assert_eq!(report.len, MAX - 1);
        report.add_hex(&[0xab]);
        assert_eq!(report.len, MAX);
    }
}
