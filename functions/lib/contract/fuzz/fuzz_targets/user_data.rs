//! UserData from any text: what is echoed fits, and is text a subscriber gets unchanged.
#![no_main]

use contract::user_data::UserData;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(Some(read)) = UserData::read(text) else {
        return;
    };
    let Some(extend) = read.extend else {
        return;
    };
    assert!(extend.len() <= 512);
    // Said again as a string, it is echoed as it stands.
    let again = serde_json::json!({ "Extend": extend }).to_string();
    let again = UserData::read(&again).expect("it was read before");
    assert_eq!(again.and_then(|data| data.extend), Some(extend));
});
