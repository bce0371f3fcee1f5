//! `rolewrap whoami`.

use rolewrap_lab::Moto;

use crate::given::rolewrap;

#[test]
fn it_says_who_and_why() {
    let moto = Moto::start().expect("moto starts");
    let machine = moto
        .sandbox()
        .system_programs()
        .envs(moto.base_variables())
        .env("USER", "alice");
    let role = moto.role_arn("deploy");
    let outcome = rolewrap(&machine, &format!("--iam-role {role} whoami")).run();
    outcome
        .succeeds()
        .stdout_has(&role)
        .stdout_has("# option --iam-role")
        .stdout_has(&format!("arn:aws:iam::{}:user/ci", moto.security_account()))
        .stdout_has(&format!(
            "arn:aws:sts::{}:assumed-role/deploy/alice@",
            moto.deploy_account()
        ))
        .stdout_has(moto.base_key())
        .stdout_has("# variable AWS_REGION");
}

#[test]
fn as_json_it_is_one_document_for_programs() {
    let moto = Moto::start().expect("moto starts");
    let machine = moto.sandbox().system_programs().envs(moto.base_variables());
    let role = moto.role_arn("deploy");
    let outcome = rolewrap(&machine, "whoami --json")
        .env("ROLEWRAP_IAM_ROLE", &role)
        .run();
    let document: serde_json::Value = serde_json::from_str(outcome.succeeds().stdout()).unwrap();
    assert_eq!(document["role"]["value"], role);
    assert_eq!(document["role"]["from"], "variable ROLEWRAP_IAM_ROLE");
    assert_eq!(document["session"]["account_id"], moto.deploy_account());
    assert_eq!(document["base"]["account_id"], moto.security_account());
    assert!(document["session"]["expires_at"].as_str().unwrap().ends_with('Z'));
}
