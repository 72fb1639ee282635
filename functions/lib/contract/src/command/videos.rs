//! Lists of videos, what of them may be changed, and their end.

use super::video_ref::VideoRef;
use crate::error::ApiError;
use crate::lenient;
use crate::parameters::Values;
use crate::time::unix_ms;
use crate::user_data::UserData;
use crate::video_filter::{self, CreatedRange, VideoFilter};

/// The most videos of one call.
const MAX_IDS: usize = 20;

/// Pages end here; what comes after is reached by a scroll token, or by narrower conditions.
pub const MAX_PAGED: u64 = 5000;

/// Tell where a video can be played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetPlayInfo {
    /// Which.
    pub video: VideoRef,
    /// How long the URL holds, s; from 1.
    pub auth_timeout_s: u64,
    /// Lower case; empty: any.
    pub formats: Vec<String>,
    /// Upper case; empty: any.
    pub definitions: Vec<String>,
    /// Lower case; empty: any.
    pub stream_types: Vec<String>,
}

impl GetPlayInfo {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        values.word("OutputType")?;
        values.word("ResultType")?;
        let words = |name| Ok::<_, ApiError>(list(values.text(name)?));
        let lower = |names: Vec<String>| names.iter().map(|n| n.to_ascii_lowercase()).collect();
        let upper = |names: Vec<String>| names.iter().map(|n| n.to_ascii_uppercase()).collect();
        Ok(Self {
            auth_timeout_s: values.long("AuthTimeout")?.unwrap_or(3600),
            formats: lower(words("Formats")?),
            definitions: upper(words("Definition")?),
            stream_types: lower(words("StreamType")?),
            video: VideoRef::read(values)?,
        })
    }
}

/// Several videos, each named once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoRefs {
    /// Texts that may be ids.
    pub video_ids: Vec<String>,
    /// Texts that may be ReferenceIds.
    pub reference_ids: Vec<String>,
}

impl VideoRefs {
    fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        Ok(Self {
            video_ids: ids(values, "VideoIds")?,
            reference_ids: ids(values, "ReferenceIds")?,
        })
    }
}

fn ids(values: &Values<'_>, name: &str) -> Result<Vec<String>, ApiError> {
    let mut seen = std::collections::BTreeSet::new();
    let mut ids = list(values.text(name)?);
    ids.retain(|id| seen.insert(id.clone()));
    if ids.len() > MAX_IDS {
        let rule = format!("It must hold at most {MAX_IDS} identifiers, separated by commas.");
        return Err(ApiError::invalid(name, &rule));
    }
    Ok(ids)
}

/// What stands between commas and says something.
fn list(text: Option<&str>) -> Vec<String> {
    let parts = text.unwrap_or_default().split(',').map(str::trim);
    parts
        .filter(|part| !lenient::says_nothing(part))
        .map(str::to_owned)
        .collect()
}

/// Tell about several videos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetVideoInfos {
    /// Which.
    pub videos: VideoRefs,
}

impl GetVideoInfos {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        let videos = VideoRefs::read(values)?;
        Ok(Self { videos })
    }
}

/// Which end of a list comes first, and which page of it is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoPage {
    /// The videos to list.
    pub filter: VideoFilter,
    /// Else the oldest comes first.
    pub newest_first: bool,
    /// Videos before the page; at most [`MAX_PAGED`] with those on it. Ignored after a scroll token.
    pub offset: usize,
    /// Videos on the page, from 1 to 100.
    pub size: usize,
}

impl VideoPage {
    /// Whoever `scrolls` goes on after a video, wherever that is: people count pages up all the while.
    fn read(values: &Values<'_>, filter: VideoFilter, scrolls: bool) -> Result<Self, ApiError> {
        let order = values.word("SortBy")?;
        let page_no = values.long("PageNo")?.unwrap_or(1);
        let size = values.long("PageSize")?.unwrap_or(10);
        if !scrolls && page_no.saturating_mul(size) > MAX_PAGED {
            let rule = format!(
                "PageNo times PageSize must be at most {MAX_PAGED}. Narrow the creation time, or \
                 use the ScrollToken of SearchMedia."
            );
            return Err(ApiError::invalid("PageNo", &rule));
        }
        let number = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
        Ok(Self {
            filter,
            newest_first: order != Some("CreationTime:Asc"),
            offset: number((page_no - 1).saturating_mul(size)),
            size: number(size),
        })
    }
}

/// List videos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetVideoList {
    /// Which.
    pub page: VideoPage,
    /// Of these alone, if there are any.
    pub reference_ids: Vec<String>,
}

impl GetVideoList {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        values.text("StorageLocation")?;
        let mut all = Vec::new();
        let statuses = list(values.text("Status")?);
        if !statuses.is_empty() {
            let status = |name: &String| {
                let name = video_filter::status(name);
                name.map_err(|rule| ApiError::invalid("Status", &rule))
            };
            let any: Result<_, _> = statuses.iter().map(status).collect();
            let any: Vec<String> = any?;
            all.push(VideoFilter::Any(
                any.into_iter().map(VideoFilter::Status).collect(),
            ));
        }
        all.extend(values.signed_long("CateId")?.map(VideoFilter::CateId));
        all.extend(created(values)?);
        Ok(Self {
            reference_ids: ids(values, "ReferenceIds")?,
            page: VideoPage::read(values, VideoFilter::All(all), false)?,
        })
    }
}

fn created(values: &Values<'_>) -> Result<Option<VideoFilter>, ApiError> {
    let time = |name| {
        let read = |text| {
            let rule = "It must have the form yyyy-MM-ddTHH:mm:ssZ.";
            unix_ms(text).ok_or_else(|| ApiError::invalid(name, rule))
        };
        values.text(name)?.map(read).transpose()
    };
    let (from, until) = (time("StartTime")?, time("EndTime")?);
    if from.is_none() && until.is_none() {
        return Ok(None);
    }
    let range = CreatedRange {
        from_ms: from.unwrap_or(i64::MIN),
        until_ms: until.unwrap_or(i64::MAX),
    };
    if range.from_ms >= range.until_ms {
        let rule = "It must be later than StartTime.";
        return Err(ApiError::invalid("EndTime", rule));
    }
    Ok(Some(VideoFilter::Created(range)))
}

/// Search for media.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchMedia {
    /// Which.
    pub page: VideoPage,
    /// Whether videos are meant; there are no other media.
    pub videos: bool,
    /// Where an earlier page ended; it takes precedence over the page's offset.
    pub after: Option<ScrollToken>,
}

impl SearchMedia {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        values.text("Fields")?;
        let search = values.text("Match")?.unwrap_or_default();
        let filter =
            video_filter::parse(search).map_err(|rule| ApiError::invalid("Match", &rule))?;
        let token = values.text("ScrollToken")?.map(|text| {
            let rule = "It must be the ScrollToken of an earlier answer.";
            ScrollToken::read(text).ok_or_else(|| ApiError::invalid("ScrollToken", rule))
        });
        Ok(Self {
            videos: values.word("SearchType")? == Some("video"),
            page: VideoPage::read(values, filter, token.is_some())?,
            after: token.transpose()?,
        })
    }
}

/// Where a page ended: a video, by when it was registered and how its id begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScrollToken {
    /// Unix ms.
    pub created_ms: i64,
    /// The first of the digits that an id is made of.
    pub id_prefix: String,
}

/// Hex digits of a token that say when, and how many it has in all, as those of the vendor.
const TIME_DIGITS: usize = 12;
const TOKEN_DIGITS: usize = 32;

impl ScrollToken {
    /// After this video.
    #[must_use]
    pub fn after(created_ms: i64, id: &str) -> Self {
        let digits = id.chars().filter(char::is_ascii_alphanumeric);
        Self {
            created_ms,
            id_prefix: digits.take(TOKEN_DIGITS - TIME_DIGITS).collect(),
        }
    }

    /// As the wire spells it.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{:012x}{}", self.created_ms.max(0), self.id_prefix)
    }

    fn read(text: &str) -> Option<Self> {
        let is_token =
            text.len() <= TOKEN_DIGITS && text.bytes().all(|b| b.is_ascii_alphanumeric());
        let (time, id_prefix) = text.split_at_checked(TIME_DIGITS).filter(|_| is_token)?;
        Some(Self {
            created_ms: i64::from_str_radix(time, 16).ok()?,
            id_prefix: id_prefix.to_owned(),
        })
    }
}

/// Change what is told of a video. What is absent stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateVideoInfo {
    /// Which.
    pub video: VideoRef,
    /// At most 128 bytes.
    pub title: Option<String>,
    /// At most 1024 bytes.
    pub description: Option<String>,
    /// Comma-separated.
    pub tags: Option<String>,
    /// A picture somewhere.
    pub cover_url: Option<String>,
    /// The caller's category.
    pub cate_id: Option<i64>,
    /// Valid UserData as given; its callback holds for later jobs.
    pub user_data: Option<String>,
}

impl UpdateVideoInfo {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        let text = |name| Ok::<_, ApiError>(values.text(name)?.map(str::to_owned));
        let user_data = values.text("UserData")?;
        user_data.map_or(Ok(None), UserData::read)?;
        Ok(Self {
            title: text("Title")?,
            description: text("Description")?,
            tags: text("Tags")?,
            cover_url: text("CoverURL")?,
            cate_id: values.signed_long("CateId")?,
            user_data: user_data.map(str::to_owned),
            video: VideoRef::read(values)?,
        })
    }
}

/// Delete videos, with their jobs and pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteVideo {
    /// Which.
    pub videos: VideoRefs,
}

impl DeleteVideo {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        let videos = VideoRefs::read(values)?;
        Ok(Self { videos })
    }
}

/// Delete the source files of videos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteMezzanines {
    /// Of which.
    pub videos: VideoRefs,
}

impl DeleteMezzanines {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        values.text("Force")?;
        let videos = VideoRefs::read(values)?;
        Ok(Self { videos })
    }
}
