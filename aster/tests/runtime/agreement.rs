//! Clients whose contract is not the server's.

use aster::{AsterServer, Code, ContractCheck, Service};

mod server {
    use aster::{Status, service, wire_type};

    #[wire_type("agreement/Question")]
    pub(crate) struct Question {
        text: String,
        #[wire(default = "en")]
        language: String,
    }

    #[wire_type("agreement/Answer")]
    pub(crate) struct Answer {
        text: String,
    }

    pub(crate) struct Oracle;

    #[service]
    impl Oracle {
        #[rpc]
        async fn ask(&self, question: Question) -> Result<Answer, Status> {
            Ok(Answer { text: format!("{} ({})", question.text, question.language) })
        }

        #[rpc]
        async fn echo(&self, answer: Answer) -> Result<Question, Status> {
            Ok(Question { text: answer.text, language: String::new() })
        }
    }
}

mod client {
    use aster::{Status, service, wire_type};

    #[wire_type("agreement/Question")]
    #[derive(Debug)]
    pub(crate) struct Question {
        pub(crate) text: String,
    }

    #[wire_type("agreement/Answer")]
    #[derive(Debug)]
    pub(crate) struct Answer {
        pub(crate) text: String,
    }

    #[service]
    pub(crate) trait Oracle {
        #[rpc]
        async fn ask(&self, question: Question) -> Result<Answer, Status>;

        #[rpc]
        async fn echo(&self, answer: Answer) -> Result<Question, Status>;
    }
}

use client::{Answer, OracleClient, Question};

#[tokio::test]
async fn another_contract_is_an_error_with_both_ids_and_the_difference() {
    let aster = AsterServer::builder().open_gate().service(server::Oracle).in_process().unwrap();
    let oracle = OracleClient::new(&aster).unwrap();
    let error = oracle.ask(Question { text: "why".into() }).await.unwrap_err();
    assert_eq!(error.code(), Code::FailedPrecondition);
    let ours = OracleClient::CONTRACT_ID.to_string();
    let theirs = server::Oracle::CONTRACT_ID.to_string();
    for part in [ours.as_str(), theirs.as_str(), "agreement/Question.language", "Compatible"] {
        assert!(error.message().contains(part), "{part}: {}", error.message());
    }
}

#[tokio::test]
async fn what_still_means_the_same_in_json_can_be_allowed() {
    let aster = AsterServer::builder().open_gate().service(server::Oracle).in_process().unwrap();
    let oracle = OracleClient::new_with(&aster, ContractCheck::Compatible).unwrap();
    let answer = oracle.ask(Question { text: "why".into() }).await.unwrap();
    assert_eq!(answer.text, "why (en)");
    // The response has a field that the client does not know.
    let error = oracle.echo(Answer { text: "so".into() }).await.unwrap_err();
    assert_eq!(error.code(), Code::FailedPrecondition);
}

#[tokio::test]
async fn nothing_is_compared_on_request() {
    let aster = AsterServer::builder().open_gate().service(server::Oracle).in_process().unwrap();
    let oracle = OracleClient::new_with(&aster, ContractCheck::Off).unwrap();
    // The codec sees it, if nobody else does.
    let error = oracle.ask(Question { text: "why".into() }).await.unwrap_err();
    assert_ne!(error.code(), Code::FailedPrecondition);
}
