//! What `sam build` makes of the functions, and what ends it.

use crate::template::Template;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub(crate) fn functions() -> PathBuf {
    Template::path().with_file_name("functions")
}

/// A program that needs `symbol`, in a version that the machine's C library gives it or not.
fn program(folder: &Path, version: &str) -> PathBuf {
    let (library, program) = (folder.join("libm.so.6"), folder.join("program"));
    let map = folder.join("map");
    std::fs::write(&map, format!("{version} {{ global: newer; local: *; }};\n")).unwrap();
    let made = |name: &str, text: &str, arguments: &[&str]| {
        let source = folder.join(name);
        std::fs::write(&source, text).unwrap();
        let mut cc = Command::new("cc");
        let status = cc.arg(&source).args(arguments).current_dir(folder).status();
        assert!(status.unwrap().success());
    };
    let shared = ["-shared", "-fPIC", "-nostdlib", "-Wl,-soname,libm.so.6"];
    let script = format!("-Wl,--version-script={}", map.display());
    let output = ["-o", library.to_str().unwrap(), &script];
    made(
        "library.c",
        "int newer(void) { return 0; }",
        &[&shared[..], &output].concat(),
    );
    let main = "int newer(void); int main(void) { return newer(); }";
    made(
        "main.c",
        main,
        &[library.to_str().unwrap(), "-o", program.to_str().unwrap()],
    );
    program
}

pub(crate) fn check(architecture: &str, program: &Path) -> Output {
    let mut check = Command::new("python3");
    check.arg("-I").arg(functions().join("check_elf.py"));
    check.args([architecture, "2.34"]).arg(program);
    check.output().unwrap()
}

fn refusal(architecture: &str, program: &Path) -> String {
    let output = check(architecture, program);
    assert!(!output.status.success(), "it is not refused");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_program_that_needs_a_newer_glibc_than_lambda_has_ends_the_build() {
    let folder = tempfile::tempdir().unwrap();
    for newer in ["GLIBC_2.35", "GLIBC_2.39", "GLIBC_3.0"] {
        let told = refusal(std::env::consts::ARCH, &program(folder.path(), newer));
        assert!(
            told.contains(&format!("it needs {newer}; there is GLIBC 2.34")),
            "{told}"
        );
    }
    for (other, told) in [
        ("GLIBC_ABI_DT_RELR", "is not there"),
        ("LIBX_1", "is not there"),
    ] {
        let said = refusal(std::env::consts::ARCH, &program(folder.path(), other));
        assert!(said.contains(&format!("{other} {told}")), "{said}");
    }
    for older in ["GLIBC_2.2.5", "GLIBC_2.34", "GLIBC_PRIVATE"] {
        let output = check(std::env::consts::ARCH, &program(folder.path(), older));
        assert!(output.status.success(), "{older}: {output:?}");
    }
}

#[test]
fn a_program_for_another_processor_or_of_another_kind_ends_the_build() {
    let folder = tempfile::tempdir().unwrap();
    let here = std::env::consts::ARCH;
    let other = if here == "x86_64" {
        "aarch64"
    } else {
        "x86_64"
    };
    let program = program(folder.path(), "GLIBC_2.34");
    let told = refusal(other, &program);
    assert!(
        told.contains(&format!("it is for {here}, not for {other}")),
        "{told}"
    );
    let library = folder.path().join("libother.so.1");
    let status = Command::new("cc")
        .args(["-shared", "-o"])
        .arg(&library)
        .arg(folder.path().join("library.c"))
        .arg("-Wl,-soname,libother.so.1")
        .status();
    assert!(status.unwrap().success());
    let with = folder.path().join("with");
    let status = Command::new("cc")
        .arg(folder.path().join("main.c"))
        .arg(&library)
        .arg("-o")
        .arg(&with)
        .status();
    assert!(status.unwrap().success());
    let told = refusal(here, &with);
    assert!(told.contains("libother.so.1 is not there"), "{told}");
    let text = folder.path().join("main.c");
    let cut = folder.path().join("cut");
    std::fs::write(&cut, &std::fs::read(&program).unwrap()[..70]).unwrap();
    for broken in [text, cut] {
        let told = refusal(here, &broken);
        assert!(told.contains("no ELF program that can be read"), "{told}");
    }
}
