//! Pages of videos that match a filter, which becomes SQL: each of its values is a parameter.

use super::row::video;
use crate::database::SqlResult;
use rusqlite::Connection;
use rusqlite::types::Value;
use service::model::{CreatedRange, ScrollToken, VideoFilter, VideoPage};
use service::ports::VideoList;
use std::fmt::Write;

pub(super) fn list(
    sql: &Connection,
    page: &VideoPage,
    after: Option<&ScrollToken>,
) -> SqlResult<VideoList> {
    let mut filter = Condition::default();
    filter.add_range(page.filter.created_range());
    filter.text.push_str(" AND ");
    filter.add(&page.filter);
    let total = format!("SELECT count(*) FROM videos WHERE {}", filter.text);
    let values = || rusqlite::params_from_iter(&filter.values);
    let total: i64 = sql.prepare(&total)?.query_row(values(), |row| row.get(0))?;
    let offset = match after {
        None => page.offset,
        Some(token) => {
            filter.add_after(token, page.newest_first);
            0
        }
    };
    let order = if page.newest_first { "DESC" } else { "ASC" };
    let select = format!(
        "SELECT * FROM videos WHERE {} ORDER BY created_ms {order}, id {order} LIMIT {} OFFSET {}",
        filter.text, page.size, offset,
    );
    let values = rusqlite::params_from_iter(&filter.values);
    let videos = sql
        .prepare(&select)?
        .query_map(values, video)?
        .collect::<Result<_, _>>()?;
    Ok(VideoList {
        videos,
        total: u64::try_from(total).unwrap_or_default(),
        is_cut_short: false,
    })
}

/// SQL, and what stands for its `?`.
#[derive(Default)]
struct Condition {
    text: String,
    values: Vec<Value>,
}

impl Condition {
    /// `sql` has one `?` for each value.
    fn push<const N: usize>(&mut self, sql: &str, values: [Value; N]) {
        self.text.push_str(sql);
        self.values.extend(values);
    }

    /// Bounds for the index.
    fn add_range(&mut self, range: CreatedRange) {
        let ends = [range.from_ms.into(), range.until_ms.into()];
        self.push("(created_ms >= ? AND created_ms < ?)", ends);
    }

    /// What follows the video that a list ended with.
    fn add_after(&mut self, token: &ScrollToken, newest_first: bool) {
        let created_ms = token.created_ms.into();
        match newest_first {
            true => {
                let id = token.id_prefix.clone().into();
                self.push(" AND (created_ms, id) < (?, ?)", [created_ms, id]);
            }
            // No digit of an id comes after `~`.
            false => {
                let id = format!("{}~", token.id_prefix).into();
                self.push(" AND (created_ms, id) > (?, ?)", [created_ms, id]);
            }
        }
    }

    /// Filters are nested a handful deep: whoever reads them sees to that.
    fn add(&mut self, filter: &VideoFilter) {
        let text = |text: &String| Value::from(text.clone());
        match filter {
            VideoFilter::All(all) => self.add_each(all, " AND ", "TRUE"),
            VideoFilter::Any(any) => match same_column(any) {
                Some((column, values)) => self.add_one_of(column, values),
                None => self.add_each(any, " OR ", "FALSE"),
            },
            VideoFilter::Id(_)
            | VideoFilter::Reference(_)
            | VideoFilter::Status(_)
            | VideoFilter::CateId(_) => {
                if let Some((column, value)) = equality(filter) {
                    self.add_one_of(column, vec![value]);
                }
            }
            // SQLite's lower() changes ASCII letters alone, as wanted.
            VideoFilter::Title(part) => {
                self.push("instr(lower(title), lower(?)) > 0", [text(part)]);
            }
            VideoFilter::Description(part) => {
                let sql = "coalesce(instr(lower(description), lower(?)), 0) > 0";
                self.push(sql, [text(part)]);
            }
            VideoFilter::Tag(tag) => {
                let tag = Value::from(tag.trim_matches(' ').to_owned());
                // Blanks around a tag are not part of it.
                let sql = "EXISTS (SELECT 1 FROM json_each('[' || replace(json_quote(tags), ',', \
                     '\",\"') || ']') WHERE trim(value) = ?)";
                self.push(sql, [tag]);
            }
            VideoFilter::Created(range) => self.add_range(*range),
        }
    }

    /// One term however many values there are: SQLite takes a thousand terms, one within the other.
    fn add_one_of(&mut self, column: &str, values: Vec<Value>) {
        let places = vec!["?"; values.len()].join(",");
        // Writing to a String cannot fail.
        let _ = write!(self.text, "{column} IN ({places})");
        self.values.extend(values);
    }

    fn add_each(&mut self, filters: &[VideoFilter], between: &str, none: &str) {
        // Writing to a String cannot fail.
        let _ = write!(self.text, "({none}");
        // Of none, `none` holds; of some, it changes nothing.
        for filter in filters {
            self.text.push_str(between);
            self.add(filter);
        }
        self.text.push(')');
    }
}

/// The column that all of some filters compare, and with what.
fn same_column(filters: &[VideoFilter]) -> Option<(&'static str, Vec<Value>)> {
    let (column, _) = equality(filters.first()?)?;
    let value = |filter| equality(filter).filter(|(other, _)| *other == column);
    let values: Option<Vec<_>> = filters.iter().map(value).collect();
    Some((
        column,
        values?.into_iter().map(|(_, value)| value).collect(),
    ))
}

/// The column that a filter compares, and with what.
fn equality(filter: &VideoFilter) -> Option<(&'static str, Value)> {
    match filter {
        VideoFilter::Id(id) => Some(("id", id.clone().into())),
        VideoFilter::Reference(id) => Some(("reference_id", id.clone().into())),
        VideoFilter::Status(name) => Some(("status", name.clone().into())),
        VideoFilter::CateId(id) => Some(("cate_id", (*id).into())),
        _ => None,
    }
}
