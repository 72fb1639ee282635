//! TemplateConfig from any text: what is accepted is kept as JSON that reads as the same.
#![no_main]

use contract::template_config::TemplateConfig;
use libfuzzer_sys::fuzz_target;

const MAX_SNAPSHOTS: u32 = 20_000;

fuzz_target!(|text: &str| {
    let Ok(config) = TemplateConfig::read(text, MAX_SNAPSHOTS) else {
        return;
    };
    let again = TemplateConfig::read(config.json(), MAX_SNAPSHOTS);
    assert_eq!(again.as_ref().map(TemplateConfig::spec), Ok(config.spec()));
    assert_eq!(again.as_ref().map(TemplateConfig::kind), Ok(config.kind()));
});
