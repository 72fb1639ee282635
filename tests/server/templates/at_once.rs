//! Changes of one template at the same time.

use crate::templates::{add, bench, not_there, refusal};

fn config(count: u32) -> String {
    format!(
        r#"{{"SnapshotType":"NormalSnapshot","SnapshotConfig":{{"Count":{count},"Interval":1}}}}"#
    )
}

/// It came back when a change that had read it before was written after.
#[test]
fn a_template_deleted_while_it_is_changed_stays_deleted() {
    let bench = bench();
    let server = &bench.server;
    for _ in 0..20 {
        let id = &*add(server, &config(1));
        std::thread::scope(|scope| {
            for name in ["one", "other"] {
                scope.spawn(move || {
                    let parameters = [("VodTemplateId", id), ("Name", name)];
                    let changed = || server.call("UpdateVodTemplate", &parameters).status == 200;
                    (0..100).all(|_| changed())
                });
            }
            let _ = server.ok("DeleteVodTemplate", &[("VodTemplateId", id)]);
        });
        let asked = refusal(server, "GetVodTemplate", &[("VodTemplateId", id)]);
        assert_eq!(asked, not_there(id));
    }
}

/// Each had read the template before the other was written.
#[test]
fn of_two_changes_at_once_neither_is_lost() {
    let bench = bench();
    let server = &bench.server;
    let id = &*add(server, &config(1));
    for number in 1..50 {
        let (name, config) = (number.to_string(), config(number));
        std::thread::scope(|scope| {
            for change in [("Name", &*name), ("TemplateConfig", &*config)] {
                let parameters = [("VodTemplateId", id), change];
                scope.spawn(move || server.ok("UpdateVodTemplate", &parameters));
            }
        });
        let told = server.ok("GetVodTemplate", &[("VodTemplateId", id)]);
        let told = &told["VodTemplateInfo"];
        assert_eq!(told["Name"], name);
        assert_eq!(told["TemplateConfig"], config);
    }
}
