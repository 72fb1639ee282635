use super::*;

/// As the vendor's page has it.
const DOCUMENTED: &str =
    "{'CellWidth': 120, 'CellHeight': 68, 'Columns': 3,'Lines': 10, 'Padding': 20, 'Margin': 50}";

fn one(text: &str) -> SpriteSpec {
    read(text).unwrap().unwrap()
}

fn refused(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

#[test]
fn the_documented_example_is_read() {
    assert_eq!(
        one(DOCUMENTED),
        SpriteSpec {
            cell_width: Some(120),
            cell_height: Some(68),
            padding: 20,
            margin: 50,
            columns: 3,
            lines: 10,
            color: Color::Rgb([0, 0, 0]),
            keep_cell_pic: true,
            outputs: Vec::new(),
            fit: SheetFit::default(),
        }
    );
    let strict = r#"{"CellWidth":"120","CellHeight":"68","Columns":"3","Lines":"10","Padding":"20","Margin":"50","Color":"Black","KeepCellPic":"keep"}"#;
    assert_eq!(one(strict), one(DOCUMENTED));
    assert_eq!(one(&strict.replace('"', "\\\"")), one(DOCUMENTED));
}

#[test]
fn an_empty_object_takes_the_defaults_and_an_empty_text_is_no_sprite() {
    let defaults = one("{}");
    assert_eq!(
        (
            defaults.columns,
            defaults.lines,
            defaults.padding,
            defaults.margin
        ),
        (10, 10, 0, 0)
    );
    assert_eq!((defaults.cell_width, defaults.cell_height), (None, None));
    assert_eq!(defaults.color, Color::Rgb([0, 0, 0]));
    assert!(defaults.keep_cell_pic);
    assert_eq!(
        one(r#"{"Unknown":[1],"Columns":null,"Color":""}"#),
        defaults
    );
    assert_eq!(read(""), Ok(None));
    assert_eq!(read("  "), Ok(None));
}

#[test]
fn outputs_are_a_list_of_names_each_of_which_counts_once() {
    let outputs = |value: &str| one(&format!("{{'Outputs':{value}}}")).outputs;
    let expected = [StoryboardFormat::Vtt, StoryboardFormat::Hls];
    assert_eq!(outputs("['hls','vtt','hls']"), expected);
    assert_eq!(outputs("'hls, vtt'"), expected);
    for none in ["''", "[]", "null"] {
        assert_eq!(outputs(none), [], "{none}");
    }
    for bad in ["'m3u8'", "['vtt','HLS']", "['vtt',1]", "1", "'vtt,'", "{}"] {
        assert_eq!(
            refused(&format!("{{'Outputs':{bad}}}")),
            "Outputs must be a list of names among vtt, hls, dash, json, bif, jellyfin.",
            "{bad}"
        );
    }
}

#[test]
fn what_is_automatic_bounds_the_sides_of_sheets() {
    let automatic = one("{'CellWidth':'auto','Columns':'auto','Lines':'auto'}");
    assert_eq!((automatic.cell_width, automatic.columns), (None, 10));
    let fit = SheetFit {
        cell: true,
        columns: Extent::Needed,
        lines: Extent::Needed,
        most_side: Some(4096),
    };
    assert_eq!(automatic.fit, fit);
    let lines = one("{'CellWidth':160,'Lines':'auto'}");
    assert_eq!((lines.cell_width, lines.columns), (Some(160), 10));
    assert_eq!((lines.fit.cell, lines.fit.most_side), (false, Some(4096)));
    assert_eq!(one("{'CellWidth':160}").fit, SheetFit::default());
    assert!(refused("{'CellWidth':'Auto'}").starts_with("CellWidth must be"));
    assert!(refused("{'Padding':'auto'}").starts_with("Padding must be"));
}

#[test]
fn colors_have_names_in_any_case_or_six_digits() {
    let color = |name: &str| one(&format!("{{\"Color\":\"{name}\"}}")).color;
    assert_eq!(color("tomato"), Color::Rgb([255, 99, 71]));
    assert_eq!(color("Tomato"), Color::Rgb([255, 99, 71]));
    assert_eq!(color("#0a0B0c"), Color::Rgb([10, 11, 12]));
    assert_eq!(color("Random"), Color::Random);
    for bad in [
        "nocolor",
        "#fff",
        "#12345g",
        "#+12345",
        "rgb(1,2,3)",
        "transparent",
    ] {
        assert_eq!(
            refused(&format!("{{\"Color\":\"{bad}\"}}")),
            "Color must be a CSS colour name, #RRGGBB or random."
        );
    }
}

#[test]
fn a_refusal_names_the_field_and_its_range() {
    for (text, rule) in [
        (
            r#"{"CellWidth":7}"#,
            "CellWidth must be an integer from 8 to 4096 px.",
        ),
        (
            r#"{"CellHeight":"4097"}"#,
            "CellHeight must be an integer from 8 to 4096 px.",
        ),
        (
            r#"{"CellHeight":68.5}"#,
            "CellHeight must be an integer from 8 to 4096 px.",
        ),
        (
            r#"{"Padding":-1}"#,
            "Padding must be an integer from 0 to 4096 px.",
        ),
        (
            r#"{"Margin":"x"}"#,
            "Margin must be an integer from 0 to 4096 px.",
        ),
        (
            r#"{"Columns":0}"#,
            "Columns must be an integer from 1 to 10000.",
        ),
        (
            r#"{"Lines":10001}"#,
            "Lines must be an integer from 1 to 10000.",
        ),
        (
            r#"{"KeepCellPic":"Keep"}"#,
            "KeepCellPic must be keep or delete.",
        ),
        ("[1]", "It must be a JSON object."),
    ] {
        assert_eq!(refused(text), rule);
    }
    assert!(refused("{").starts_with("It must be a JSON object: "));
}
