use std::path::PathBuf;
use support::bench::clip;
use support::refused::{Refusal, refusal};
use support::server::{Server, Setup};

const ID: &str = "0d9cc3f2cbd2a45f1f2d1d3e2c2b1a00";

fn file(count: u32) -> String {
    format!(
        r#"[{{"VodTemplateId":"{ID}","Name":"ours","TemplateConfig":{{"SnapshotType":
        "NormalSnapshot","SnapshotConfig":{{"Count":{count},"Interval":1,"Width":160}}}}}}]"#
    )
}

#[test]
fn a_job_of_a_template_whose_id_is_given() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("templates.json");
    std::fs::write(&path, file(2)).unwrap();
    let setup = Setup {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
        data: folder.path().join("data"),
        media_root: clip().parent().unwrap().to_owned(),
        arguments: vec!["--templates".to_owned(), path.to_str().unwrap().to_owned()],
    };
    let told = |server: &Server| server.ok("GetVodTemplate", &[("VodTemplateId", ID)]);
    let pictures = |server: &Server| {
        let video = server.register(clip());
        let job = server.submit(&video, &[("SnapshotTemplateId", ID)]);
        assert_eq!(server.wait(&job), "Success");
        server.manifest(&video, &job).pictures.len()
    };
    let server = Server::start(&setup);
    let first = told(&server)["VodTemplateInfo"].take();
    assert_eq!(pictures(&server), 2);
    drop(server);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let server = Server::start(&setup);
    assert_eq!(told(&server)["VodTemplateInfo"], first, "untouched");
    drop(server);
    std::fs::write(&path, file(3)).unwrap();
    let server = Server::start(&setup);
    assert_eq!(pictures(&server), 3);
}

#[test]
fn a_file_with_a_bad_template_is_refused_by_its_path_and_entry() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("templates.json");
    std::fs::write(&path, file(0)).unwrap();
    let program = PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test"));
    let templates = path.to_str().unwrap();
    let unsigned = ["--auth", "none", "--listen", "127.0.0.1:0"];
    let arguments = [&unsigned[..], &["--templates", templates]].concat();
    let Refusal { status, said } = refusal(&program, &arguments, None);
    assert_eq!(status, Some(1));
    for part in [path.to_str().unwrap(), "template 1", ID, "Count"] {
        assert!(said.contains(part), "{said}");
    }
}
