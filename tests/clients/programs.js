// What programs do with snapshots: `programs.js PROGRAM MODE SETUP`, SETUP as JSON.
//
// Each is a use that programs really make of the API, from a stored file to a picture that is shown.
'use strict';

const crypto = require('crypto');
const http = require('http');
const https = require('https');
const { Failure, client } = require('./node_clients.js');

const [program, mode, setup] = [process.argv[2], process.argv[3], JSON.parse(process.argv[4])];
const face = client(mode, setup.endpoint, setup.ca);
const AUTH_KEY = 'Secret0of1Callbacks';

function call(action, parameters) {
  return face.call(action, parameters, [setup.id, setup.secret]);
}

function check(what, isSo) {
  if (!isSo) throw new Error(`${program} ${mode}: ${typeof what === 'string' ? what : JSON.stringify(what)}`);
}

async function refusal(action, parameters) {
  let answer;
  try {
    answer = await call(action, parameters);
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    return failure;
  }
  throw new Error(`${program} ${mode}: ${action} gave ${JSON.stringify(answer)}`);
}

function fetched(url, start = 0) {
  const { get } = url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { Range: `bytes=${start}-` }, timeout: 30000 }, (answer) => {
      const pieces = [];
      answer.on('data', (piece) => pieces.push(piece));
      answer.on('end', () => resolve(Buffer.concat(pieces)));
    });
    request.on('error', reject);
  });
}

async function picture(url) {
  const bytes = await fetched(url);
  check(`${url} is no picture`, bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])));
}

async function register(Title, fields = {}) {
  const files = [{ FileURL: setup.clip, Title, ...fields }];
  const answer = await call('RegisterMedia', { RegisterMetadatas: JSON.stringify(files) });
  return answer.RegisteredMediaList[0].MediaId;
}

async function submit(VideoId, parameters) {
  return (await call('SubmitSnapshotJob', { VideoId, ...parameters })).SnapshotJob.JobId;
}

async function until(what, found) {
  for (let i = 0; i < 1200; i += 1) {
    const result = await found();
    if (result) return result;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${program} ${mode}: no ${what}`);
}

async function finish(JobId) {
  const detail = await until('end of the job', async () => {
    const answer = await call('GetJobDetail', { JobId, JobType: 'snapshot' });
    return answer.SnapshotJobDetail.Status !== 'Processing' && answer.SnapshotJobDetail;
  });
  check(`${JobId} failed`, detail.Status === 'Success');
}

// All pictures, page by page, until there are as many as Total says.
async function pages(VideoId, SnapshotType, size) {
  const entries = [];
  for (let page = 1; ; page += 1) {
    const asked = { VideoId, SnapshotType, PageNo: `${page}`, PageSize: `${size}` };
    const media = (await call('ListSnapshots', asked)).MediaSnapshot;
    entries.push(...media.Snapshots.Snapshot);
    if (entries.length >= media.Total) return entries;
  }
}

// The program's own web server: it takes events whose signature is right.
async function receiver() {
  const [events, waiting] = [[], []];
  let base;
  const server = http.createServer((request, answer) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      const text = `${base}${request.url}|${request.headers['x-vod-timestamp']}|${AUTH_KEY}`;
      const signed = crypto.createHash('md5').update(text).digest('hex');
      const isOurs = signed === request.headers['x-vod-signature'];
      const event = isOurs ? JSON.parse(Buffer.concat(pieces)) : 'a wrong signature';
      (waiting.shift() || ((kept) => events.push(kept)))(event);
      answer.end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  base = `http://127.0.0.1:${server.address().port}`;
  await call('SetMessageCallback', {
    CallbackType: 'HTTP', CallbackURL: `${base}/all`, EventTypeList: 'SnapshotComplete',
    AuthSwitch: 'on', AuthKey: AUTH_KEY,
  });
  // The event of the job.
  async function next(job) {
    for (;;) {
      const event = events.shift() || await new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error('no event came')), 60000);
        waiting.push((come) => { clearTimeout(late); resolve(come); });
      });
      check(event, typeof event === 'object');
      if ((event.SnapshotInfos || []).some((info) => info.JobId === job)) {
        check('it is no success', event.Status === 'success');
        return event;
      }
    }
  }
  return { base, next };
}

const PROGRAMS = {
  // A template whose id stands in the configuration; then it plays the video.
  async courses() {
    const points = { Count: 4, Interval: 2, SpecifiedOffsetTime: 0, FrameType: 'normal' };
    const config = { SnapshotType: 'NormalSnapshot', SnapshotConfig: points };
    const made = await call('AddVodTemplate', {
      Name: 'c', TemplateType: 'Snapshot', TemplateConfig: JSON.stringify(config),
    });
    const configured = { snapshotTemplateId: made.VodTemplateId };
    const VideoId = await register('a course');
    await finish(await submit(VideoId, { SnapshotTemplateId: configured.snapshotTemplateId }));
    const entries = await pages(VideoId, 'NormalSnapshot', 20);
    check(`${entries.length} pictures`, entries.length === 4);
    await picture(entries[0].Url);
    const { VideoBase, PlayInfoList } = await call('GetPlayInfo', { VideoId });
    const [played] = PlayInfoList.PlayInfo;
    check(VideoBase, VideoBase.Title === 'a course' && Number(VideoBase.Duration) === 10);
    check(played, played.Definition === 'OD' && played.Format === 'mp4');
    check(played, played.Width === 640 && played.Height === 360);
    const end = await fetched(played.PlayURL, played.Size - 100);
    check('the end of the file', end.length === 100);
  },

  // Count and Interval; an editor chooses one of the pictures as the cover.
  async covers() {
    const VideoId = await register('a film');
    await finish(await submit(VideoId, { Count: 3, Interval: 2, SpecifiedOffsetTime: 1000 }));
    const [CoverURL] = (await pages(VideoId, 'NormalSnapshot', 20))[1].Url.split('?');
    const changes = { VideoId, CoverURL, Title: 'a film, shown', Tags: 'a,b' };
    await call('UpdateVideoInfo', changes);
    const { Video } = await call('GetVideoInfo', { VideoId });
    check(Video, Video.CoverURL.split('?')[0] === CoverURL);
    check(Video, Video.Title === 'a film, shown' && Video.Tags === 'a,b');
  },

  // Sheets for a player's scrub bar, and nothing else of the job.
  async 'scrub-bar'() {
    const config = { CellWidth: 120, CellHeight: 68, Columns: 2, Lines: 2, KeepCellPic: 'delete' };
    const VideoId = await register('a talk');
    const SpriteSnapshotConfig = JSON.stringify(config);
    await finish(await submit(VideoId, { Count: 5, Interval: 0, SpriteSnapshotConfig }));
    const sheets = await pages(VideoId, 'SpriteSnapshot', 20);
    check(`${sheets.length} sheets`, sheets.length === 2);
    for (const sheet of sheets) await picture(sheet.Url);
    const gone = await refusal('ListSnapshots', { VideoId, SnapshotType: 'SpriteOriginSnapshot' });
    check(gone.code, gone.code === 'NoSuchResource');
  },

  // A signed event brings the cover and what the program gave with the job.
  async 'cover-of-event'() {
    const { base, next } = await receiver();
    const VideoId = await register('news');
    const Extend = { localId: '42', tenant: 'x' };
    const data = { Extend, MessageCallback: { CallbackURL: `${base}/of-this-job` } };
    const UserData = JSON.stringify(data);
    const job = await submit(VideoId, { Count: 1, SpecifiedOffsetTime: 2000, UserData });
    const event = await next(job);
    check(event, event.VideoId === VideoId && event.Extend === JSON.stringify(Extend));
    await picture(event.CoverUrl);
  },

  // A signed event brings a pattern, whose number the program fills in.
  async 'numbers-of-event'() {
    const { next } = await receiver();
    const VideoId = await register('sports');
    const [info] = (await next(await submit(VideoId, { Count: 3, Interval: 3 }))).SnapshotInfos;
    check(info, info.SnapshotType === 'NormalSnapshot' && info.SnapshotCount === 3);
    for (let number = 1; number <= info.SnapshotCount; number += 1) {
      await picture(info.SnapshotRegular.replace('{SnapshotCount}', `${number}`.padStart(5, '0')));
    }
  },

  // Pages of pictures of one of many videos, which is found, shown and deleted.
  async gallery() {
    const VideoId = await register('a gallery', { ReferenceId: 'gallery-1', CateId: 7 });
    await finish(await submit(VideoId, { Count: 25, Interval: 0 }));
    const entries = await pages(VideoId, 'NormalSnapshot', 10);
    check('the numbers', entries.every((entry, i) => entry.Index === i + 1) && entries.length === 25);
    const { VideoList } = await call('GetVideoInfos', { VideoIds: VideoId });
    check(VideoList, VideoList.length === 1 && VideoList[0].Title === 'a gallery');
    const found = await call('GetVideoList', { CateId: 7, PageNo: 1, PageSize: 10 });
    check(found, found.Total === 1 && found.VideoList.Video[0].VideoId === VideoId);
    const Match = "Title = 'a gallery'";
    const { MediaList } = await call('SearchMedia', { SearchType: 'video', Match });
    check(MediaList, MediaList.length === 1 && MediaList[0].MediaId === VideoId);
    await call('DeleteImage', { DeleteImageType: 'VideoId', VideoId, ImageType: 'All' });
    const empty = await refusal('ListSnapshots', { VideoId, SnapshotType: 'NormalSnapshot' });
    check(empty.code, empty.code === 'NoSuchResource');
    await call('DeleteVideo', { VideoIds: VideoId });
    const gone = await refusal('GetVideoInfo', { VideoId });
    check(gone.code, gone.code === 'InvalidVideo.NotFound');
  },

  // A moving preview of a video, by a template of which the call changes the format.
  async previews() {
    const VideoId = await register('a preview');
    const TemplateConfig = JSON.stringify({
      Video: { Width: '160', Height: '128', Fps: '5' },
      Container: { Format: 'gif' },
      Clip: { TimeSpan: { Seek: '1', Duration: '1' } },
    });
    const made = { Name: 'p', TemplateType: 'DynamicImage', TemplateConfig };
    const { VodTemplateId } = await call('AddVodTemplate', made);
    const { VodTemplateInfo } = await call('GetVodTemplate', { VodTemplateId });
    check(VodTemplateInfo, VodTemplateInfo.TemplateType === 'DynamicImage');
    const OverrideParams = JSON.stringify({ Container: { Format: 'webp' } });
    const asked = { VideoId, DynamicImageTemplateId: VodTemplateId, OverrideParams };
    await finish((await call('SubmitDynamicImageJob', asked)).DynamicImageJob.JobId);
    const [image] = (await call('ListDynamicImage', { VideoId })).DynamicImageList;
    check(image, [image.Width, image.Fps, image.Duration, image.Format].join() === '160,5,1,webp');
    const file = await fetched(image.FileURL);
    check(image.FileURL, file.subarray(0, 4).toString() === 'RIFF' && file.length === Number(image.FileSize));
    await call('DeleteDynamicImage', { VideoId, DynamicImageIds: image.DynamicImageId });
    const left = (await call('ListDynamicImage', { VideoId })).DynamicImageList;
    check(left, left.length === 0);
  },

  // What cannot be uploaded as at the vendor is told what to call; then it uploads by URL.
  async uploads() {
    const vendor = {
      CreateUploadVideo: { Title: 't', FileName: 'a.mp4' },
      RefreshUploadVideo: { VideoId: '0'.repeat(32) },
      GetVideoPlayAuth: { VideoId: '0'.repeat(32) },
    };
    for (const [action, parameters] of Object.entries(vendor)) {
      const { told, status } = await refusal(action, parameters);
      const names = ['RegisterMedia', 'UploadMediaByURL'].every((name) => told.includes(name));
      check(`${action}: ${status} ${told}`, names && status >= 400 && status < 500);
    }
    const url = setup.clip_url;
    const UploadMetadatas = JSON.stringify([{ SourceURL: url, Title: 'uploaded' }]);
    const made = await call('UploadMediaByURL', { UploadURLs: url, UploadMetadatas });
    const JobIds = made.UploadJobs[0].JobId;
    const info = await until('upload', async () => {
      const [found] = (await call('GetURLUploadInfos', { JobIds })).URLUploadInfoList;
      check(found, !found.Status.toUpperCase().includes('FAIL'));
      return found.Status.toUpperCase() === 'SUCCESS' && found;
    });
    const VideoId = info.MediaId;
    const { Video } = await call('GetVideoInfo', { VideoId });
    check(Video, Video.Title === 'uploaded');
    await finish(await submit(VideoId, { Count: 2, Interval: 1 }));
    check('the pictures', (await pages(VideoId, 'NormalSnapshot', 1)).length === 2);
  },
};

PROGRAMS[program]().then(() => process.exit(0), (error) => {
  console.error(error);
  process.exit(1);
});
