//! Match of SearchMedia: `Title = 'x' and Status in ('Normal','Checking')`.
//!
//! `field = value`, `field in (values)`, a range of times in `(...)` without its ends or in `[...]`
//! with them, joined by `and` and `or`, which binds less, and by parentheses. Words match in
//! either case. A value stands in single or double quotes, in which a backslash takes the next
//! character as it is; a number needs none.

use super::{CreatedRange, VideoFilter};
use crate::number::signed;
use crate::time::unix_ms;
use crate::video_status::VideoStatus;
use std::iter::Peekable;
use std::str::Chars;

/// Parentheses within parentheses. Nobody writes more, and the stack has an end.
const DEEPEST: usize = 16;

/// Conditions of a search, each value of a list being one: a store looks at every one of them for each
/// video.
const MOST_CONDITIONS: usize = 500;

/// Times on the wire have seconds.
const SECOND_MS: i64 = 1000;

const FIELDS: &str = "It can search VideoId, MediaId, ReferenceId, Title, Description, Tags, CateId, Status \
     and CreationTime.";

/// The condition in a text; an empty one is met by every video.
///
/// # Errors
/// A sentence that says what can't be understood.
pub fn parse(text: &str) -> Result<VideoFilter, String> {
    let mut tokens = tokens(text)?.into_iter().peekable();
    if tokens.peek().is_none() {
        return Ok(VideoFilter::All(Vec::new()));
    }
    let filter = any(&mut tokens, DEEPEST)?;
    match tokens.next() {
        None if conditions(&filter) > MOST_CONDITIONS => Err(format!(
            "It must have at most {MOST_CONDITIONS} conditions, each value of a list being one."
        )),
        None => Ok(filter),
        Some(token) => Err(unexpected(Some(&token), "and or or")),
    }
}

fn conditions(filter: &VideoFilter) -> usize {
    match filter {
        VideoFilter::All(filters) | VideoFilter::Any(filters) => {
            filters.iter().map(conditions).sum()
        }
        _ => 1,
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Value(String),
    /// One of `= ( ) [ ] ,`.
    Mark(char),
}

type Tokens = Peekable<std::vec::IntoIter<Token>>;

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            c if c.is_whitespace() => {}
            '=' | '(' | ')' | '[' | ']' | ',' => {
                // Some write it twice.
                if c == '=' {
                    rest.next_if_eq(&'=');
                }
                tokens.push(Token::Mark(c));
            }
            '\'' | '"' => tokens.push(Token::Value(quoted(&mut rest, c)?)),
            c if is_word(c) => {
                let mut word = String::from(c);
                while let Some(c) = rest.next_if(|&c| is_word(c)) {
                    word.push(c);
                }
                tokens.push(Token::Word(word));
            }
            c => {
                return Err(format!(
                    "The character {c} is not part of the search syntax."
                ));
            }
        }
    }
    Ok(tokens)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-' || c == '.'
}

fn quoted(rest: &mut Peekable<Chars<'_>>, end: char) -> Result<String, String> {
    let mut value = String::new();
    loop {
        match rest.next() {
            Some(c) if c == end => return Ok(value),
            Some('\\') => value.extend(rest.next()),
            Some(c) => value.push(c),
            None => return Err("A quotation mark is not closed.".to_owned()),
        }
    }
}

fn any(tokens: &mut Tokens, depth: usize) -> Result<VideoFilter, String> {
    let mut terms = vec![all(tokens, depth)?];
    while take_word(tokens, "or") {
        terms.push(all(tokens, depth)?);
    }
    Ok(alone(terms, VideoFilter::Any))
}

fn all(tokens: &mut Tokens, depth: usize) -> Result<VideoFilter, String> {
    let mut terms = vec![term(tokens, depth)?];
    while take_word(tokens, "and") {
        terms.push(term(tokens, depth)?);
    }
    Ok(alone(terms, VideoFilter::All))
}

fn alone(mut terms: Vec<VideoFilter>, several: fn(Vec<VideoFilter>) -> VideoFilter) -> VideoFilter {
    match (terms.pop(), terms.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            terms.extend(last);
            several(terms)
        }
    }
}

fn term(tokens: &mut Tokens, depth: usize) -> Result<VideoFilter, String> {
    if take_mark(tokens, '(') {
        let depth = depth
            .checked_sub(1)
            .ok_or("The parentheses are nested too deeply.")?;
        let inner = any(tokens, depth)?;
        return match tokens.next() {
            Some(Token::Mark(')')) => Ok(inner),
            other => Err(unexpected(other.as_ref(), ")")),
        };
    }
    let field = match tokens.next() {
        Some(Token::Word(field)) => field,
        other => return Err(unexpected(other.as_ref(), "the name of a field")),
    };
    if take_word(tokens, "in") {
        let values = list(tokens, '(')?.0;
        let each = values.iter().map(|value| condition(&field, value));
        return Ok(alone(each.collect::<Result<_, _>>()?, VideoFilter::Any));
    }
    if !take_mark(tokens, '=') {
        return Err(unexpected(tokens.peek(), "= or in"));
    }
    match tokens.peek() {
        Some(Token::Mark(open @ ('(' | '['))) => {
            let open = *open;
            let (values, close) = list(tokens, open)?;
            range(&field, &values, open == '[', close == ']')
        }
        _ => condition(&field, &value(tokens)?),
    }
}

/// The values between two brackets, and the one that closes.
fn list(tokens: &mut Tokens, open: char) -> Result<(Vec<String>, char), String> {
    if !take_mark(tokens, open) {
        return Err(unexpected(tokens.peek(), "a list in parentheses"));
    }
    let mut values = vec![value(tokens)?];
    loop {
        match tokens.next() {
            Some(Token::Mark(',')) => values.push(value(tokens)?),
            Some(Token::Mark(close @ (')' | ']'))) => return Ok((values, close)),
            other => return Err(unexpected(other.as_ref(), ", or )")),
        }
    }
}

fn value(tokens: &mut Tokens) -> Result<String, String> {
    match tokens.next() {
        Some(Token::Word(value) | Token::Value(value)) => Ok(value),
        other => Err(unexpected(other.as_ref(), "a value")),
    }
}

fn take_word(tokens: &mut Tokens, word: &str) -> bool {
    let is_it = |token: &Token| matches!(token, Token::Word(w) if w.eq_ignore_ascii_case(word));
    tokens.next_if(is_it).is_some()
}

fn take_mark(tokens: &mut Tokens, mark: char) -> bool {
    tokens
        .next_if(|token| *token == Token::Mark(mark))
        .is_some()
}

fn unexpected(found: Option<&Token>, expected: &str) -> String {
    let found = match found {
        None => "the end".to_owned(),
        Some(Token::Word(text) | Token::Value(text)) => text.clone(),
        Some(Token::Mark(mark)) => mark.to_string(),
    };
    format!("Expected {expected}, found {found}.")
}

fn condition(field: &str, value: &str) -> Result<VideoFilter, String> {
    let text = value.to_owned();
    Ok(match field.to_ascii_lowercase().as_str() {
        "videoid" | "mediaid" => VideoFilter::Id(text),
        "referenceid" => VideoFilter::Reference(text),
        "title" => VideoFilter::Title(text),
        "description" => VideoFilter::Description(text),
        "tags" => VideoFilter::Tag(text),
        "cateid" => {
            let id = value.parse().ok().or_else(|| signed(value));
            VideoFilter::CateId(id.ok_or("CateId is an integer.")?)
        }
        "status" => VideoFilter::Status(status(value)?),
        "creationtime" => {
            let from_ms = time(value)?;
            let until_ms = from_ms.saturating_add(SECOND_MS);
            VideoFilter::Created(CreatedRange { from_ms, until_ms })
        }
        _ => return Err(FIELDS.to_owned()),
    })
}

/// The status of this wire name.
pub(crate) fn status(name: &str) -> Result<String, String> {
    let names = VideoStatus::ALL.map(VideoStatus::name);
    if names.contains(&name) {
        return Ok(name.to_owned());
    }
    Err(format!("Status is one of {}.", names.join(", ")))
}

fn range(field: &str, values: &[String], from: bool, to: bool) -> Result<VideoFilter, String> {
    let ([first, last], true) = (values, field.eq_ignore_ascii_case("CreationTime")) else {
        let rule = "Only CreationTime has ranges, of two times; several values need in.";
        return Err(rule.to_owned());
    };
    let after = |time: i64, seconds: bool| time.saturating_add(i64::from(seconds) * SECOND_MS);
    Ok(VideoFilter::Created(CreatedRange {
        from_ms: after(time(first)?, !from),
        until_ms: after(time(last)?, to),
    }))
}

fn time(text: &str) -> Result<i64, String> {
    unix_ms(text).ok_or_else(|| "A time has the form yyyy-MM-ddTHH:mm:ssZ.".to_owned())
}
