//! The video of a request, with as many of its frames listed as it needs.

use super::Passes;
use crate::model::SnapshotType;
use crate::pictures::animation::ClipPlan;
use crate::pictures::cover;
use crate::pictures::failure::Interrupted;
use crate::pictures::large_job::{LargeJob, PartPlan};
use crate::pictures::listed_times::ListedTimes;
use crate::pictures::parts::outlined_parts;
use crate::pictures::picture_size::picture_size;
use crate::pictures::scope::Scope;
use crate::pictures::selection::times;
use crate::pictures::sprite::SpriteBuilder;
use crate::pictures::video_info::video_info;
use contract::snapshot::FrameType;
use media::{MediaError, Video};
use plan::{Timeline, VideoOutline, Work};
use std::sync::Arc;

impl Passes<'_, '_> {
    /// The video, listed as it was when an earlier run stopped.
    pub(super) fn open(&mut self) -> Result<Video, Interrupted> {
        if let Some(video) = self.open_excerpt()? {
            return Ok(video);
        }
        let mut video = self.open_unlisted()?;
        // What is told before times are looked for is the same whatever is asked for.
        self.done
            .begin_anew_unless(&video_info(&video), self.request.source.identity());
        let limits = self.request.limits(self.engine);
        if let Some(animation) = &self.request.task.spec.animation {
            let mut focus =
                |video: &mut Video, times: &[u64]| video.focus(&self.engine.ffmpeg, times, &limits);
            self.clip = Some(ClipPlan::of(animation, &mut video, &mut focus)?);
        } else {
            let all = self.times(&video)?;
            let (listed, times) = self.times_to_list(&video, &all)?;
            self.list(&mut video, (listed, times))?;
        }
        for _ in 0..self.done.relists {
            video.relist(&self.engine.ffmpeg, &limits)?;
        }
        Ok(video)
    }

    /// Lists the frames at all wanted times.
    pub(super) fn list_all(&mut self, video: &mut Video) -> Result<(), Interrupted> {
        let all = self.times(video)?;
        self.list(video, (ListedTimes::All, &all))
    }

    /// Learns that these frames of the timeline give no picture.
    pub(super) fn leave_out(
        &mut self,
        video: &Video,
        frames: Vec<usize>,
    ) -> Result<(), Interrupted> {
        let frames = match self.listed {
            ListedTimes::All => Some(frames),
            ListedTimes::OfPart | ListedTimes::OfExcerpt | ListedTimes::Nothing => {
                self.among_all(video.timeline(), &frames)?
            }
        };
        match frames {
            Some(frames) => self.done.damaged.extend(frames),
            // One run over all finds them.
            None => self.done.relists += 1,
        }
        self.done.renumbered();
        Ok(())
    }

    /// The video as what divided the job knew it; none where that does not hold of this file, or no longer.
    fn open_excerpt(&mut self) -> Result<Option<Video>, Interrupted> {
        let Some(excerpt) = self.excerpt.take() else {
            return Ok(None);
        };
        let (engine, request) = (self.engine, self.request);
        let identity = request.source.identity();
        // From damaged frames on, shots have the numbers of others.
        let numbers_follow = self.done.damaged.is_empty() && self.done.relists == 0;
        if identity.is_none() || identity != self.done.source || !numbers_follow {
            return Ok(None);
        }
        let (source, limits) = (Arc::clone(&request.source), request.limits(engine));
        let video = match Video::open_excerpt(&engine.ffmpeg, source, &excerpt, &limits) {
            Ok(video) => video,
            Err(MediaError::IndexMismatch) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        self.done.begin_anew_unless(&video_info(&video), identity);
        self.listed = ListedTimes::OfExcerpt;
        Ok(Some(video))
    }

    fn open_unlisted(&self) -> Result<Video, Interrupted> {
        let (engine, request) = (self.engine, self.request);
        let (source, limits) = (Arc::clone(&request.source), request.limits(engine));
        Ok(Video::open_sparse(&engine.ffmpeg, source, &limits)?)
    }

    /// The times that are asked for.
    fn times(&self, video: &Video) -> Result<Vec<u64>, Interrupted> {
        let spec = &self.request.task.spec;
        let points = match self.request.task.kind {
            SnapshotType::CoverSnapshot => cover::points(spec),
            _ => spec.points.clone(),
        };
        let duration_ms = video.timeline().duration_ms();
        times(&points, duration_ms, self.engine.max_snapshots)
    }

    /// The times of `all` around which frames have to be known for what this request takes. Unless frames
    /// are left out, shots are numbered as their times are, so that those of others need not be known.
    fn times_to_list<'t>(
        &self,
        video: &Video,
        all: &'t [u64],
    ) -> Result<(ListedTimes, &'t [u64]), Interrupted> {
        let numbers_follow = self.done.damaged.is_empty() && self.done.relists == 0;
        let is_cover = self.request.task.kind == SnapshotType::CoverSnapshot;
        let Some(outline) = video.outline().filter(|_| numbers_follow && !is_cover) else {
            return Ok((ListedTimes::All, all));
        };
        if let Scope::Part(shots) = &self.request.scope {
            let of_part = shots.start.min(all.len())..shots.end.min(all.len());
            return Ok((ListedTimes::OfPart, &all[of_part]));
        }
        if (0..all.len()).all(|shot| self.done.pictures.contains_key(&shot)) {
            return Ok((ListedTimes::Nothing, &[]));
        }
        if let Scope::Dividable(most) = self.request.scope {
            let parts = self.outlined_parts(video, (&outline, all), most)?;
            if parts.len() > 1 {
                let done = self.done.clone();
                return Err(Interrupted::Large(Box::new(LargeJob { done, parts })));
            }
        }
        Ok((ListedTimes::All, all))
    }

    fn outlined_parts(
        &self,
        video: &Video,
        (outline, all): (&VideoOutline, &[u64]),
        most: Work,
    ) -> Result<Vec<PartPlan>, Interrupted> {
        let (engine, task) = (self.engine, &self.request.task);
        let size = picture_size(&task.spec).of(video.display())?;
        let sprite = task.spec.sprite.as_ref().map(|spec| {
            let destination = &self.request.destination;
            SpriteBuilder::new(spec, task, (size, all.len()), engine, destination)
        });
        let capacity = sprite.transpose()?.map(|sprite| sprite.capacity());
        let keyframes = task.spec.frame_type == FrameType::Intra;
        let limits = self.request.limits(engine);
        let work = match all.is_sorted() {
            true => outline.work(all, keyframes, &limits),
            false => None,
        };
        Ok(outlined_parts(work, &self.done, most, capacity))
    }

    fn list(
        &mut self,
        video: &mut Video,
        (listed, times): (ListedTimes, &[u64]),
    ) -> Result<(), Interrupted> {
        self.listed = listed;
        if listed == ListedTimes::Nothing {
            return Ok(());
        }
        let is_part = matches!(self.request.scope, Scope::Part(_));
        let is_part_of_outlined = is_part && video.outline().is_some();
        let limits = self.request.limits(self.engine);
        video.focus(&self.engine.ffmpeg, times, &limits)?;
        if is_part_of_outlined && video.outline().is_none() {
            // The index is untrue: all of the file was read, which is not for each part to do.
            self.done.relists += 1;
            self.done.renumbered();
            return Err(Interrupted::Paused(Box::new(self.done.clone())));
        }
        Ok(())
    }

    /// These frames among those at all wanted times; none where they are not the same there.
    fn among_all(
        &self,
        timeline: &Timeline,
        frames: &[usize],
    ) -> Result<Option<Vec<usize>>, Interrupted> {
        let mut whole = self.open_unlisted()?;
        let all = self.times(&whole)?;
        let limits = self.request.limits(self.engine);
        whole.focus(&self.engine.ffmpeg, &all, &limits)?;
        if whole.outline().is_none() {
            return Ok(None);
        }
        let whole = whole.timeline();
        let same = |&frame: &usize| {
            let pts = timeline.frames().get(frame)?.pts;
            let first = whole.frames().partition_point(|other| other.pts < pts);
            let (nth, count) = timeline.place_among_equals(frame);
            let is_there = whole.frames().get(first + nth)?.pts == pts;
            (is_there && whole.place_among_equals(first + nth) == (nth, count))
                .then_some(first + nth)
        };
        Ok(frames.iter().map(same).collect())
    }
}
