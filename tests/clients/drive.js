// Drives one Node client through the whole service: `drive.js MODE SETUP`, SETUP as JSON.
'use strict';

const { Failure, client } = require('./node_clients.js');

const REQUEST_ID = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/;
const NOBODY = '0123456789abcdef0123456789abcdef';
const SPRITE = '{"CellWidth":"120","CellHeight":"68","Columns":"2","Lines":"1","KeepCellPic":"keep"}';

const [mode, setup] = [process.argv[2], JSON.parse(process.argv[3])];
const face = client(mode, setup.endpoint, setup.ca);
const OWN_KEY = [setup.id, setup.secret];

async function call(action, parameters) {
  const answer = await face.call(action, parameters, OWN_KEY);
  same(`${action}: RequestId`, REQUEST_ID.test(answer.RequestId), true);
  return answer;
}

function same(what, found, wanted) {
  const [is, should] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (is !== should) throw new Error(`${mode}: ${what} is ${is}, not ${should}`);
}

// The call must fail with this code, a message with this text, this status, a request id.
async function refused(wanted, action, parameters, key = OWN_KEY) {
  let answer;
  try {
    answer = await face.call(action, parameters, key);
  } catch (failure) {
    isRefusal(failure, wanted, action);
    return;
  }
  throw new Error(`${mode}: ${action} gave ${JSON.stringify(answer)}, not ${wanted[0]}`);
}

function isRefusal(failure, [code, text, status], action) {
  if (!(failure instanceof Failure)) throw failure;
  same(`${action}: code`, failure.code, code);
  same(`${action}: '${text}' in '${failure.told}'`, failure.told.includes(text), true);
  same(`${action}: status`, failure.status, status);
  same(`${action}: request id`, REQUEST_ID.test(failure.requestId), true);
}

async function register() {
  const absent = setup.clip.replace('numbered', 'absent');
  const files = [
    { FileURL: setup.clip, Title: "数字 clip +*~'()!&=?" },
    { FileURL: absent, Title: 'absent' },
  ];
  const first = await call('RegisterMedia', { RegisterMetadatas: JSON.stringify(files) });
  const [media] = first.RegisteredMediaList;
  same('NewRegister', media.NewRegister, true);
  same('FailedFileURLs', first.FailedFileURLs, [absent]);
  const again = await call('RegisterMedia', { RegisterMetadatas: JSON.stringify(files.slice(0, 1)) });
  same('NewRegister, again', again.RegisteredMediaList[0].NewRegister, false);
  same('MediaId, again', again.RegisteredMediaList[0].MediaId, media.MediaId);
  return media.MediaId;
}

// Downloads the clip from a URL; what it becomes is a video like any other.
async function upload() {
  const told = { SourceURL: setup.clip_url, Title: '上传', ReferenceId: 'my-upload' };
  const asked = { UploadURLs: setup.clip_url, UploadMetadatas: JSON.stringify([told]) };
  const [job] = (await call('UploadMediaByURL', asked)).UploadJobs;
  same('SourceURL', job.SourceURL, setup.clip_url);
  let info;
  for (let i = 0; i < 600; i += 1) {
    [info] = (await call('GetURLUploadInfos', { JobIds: job.JobId })).URLUploadInfoList;
    if (info.Status !== 'PENDING' && info.Status !== 'PROCESSING') break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  same('Status of the upload', info.Status, 'SUCCESS');
  await run(info.MediaId, { Count: 1 });
  const { Video } = await call('GetVideoInfo', { ReferenceId: 'my-upload' });
  same('the upload', [Video.VideoId, Video.Title], [info.MediaId, '上传']);
  const none = await call('GetURLUploadInfos', { JobIds: NOBODY });
  same('NonExists', none.NonExists, [NOBODY]);
  return info.MediaId;
}

function config(count) {
  const points = { Count: count, Interval: 1, SpecifiedOffsetTime: 0, FrameType: 'normal' };
  return JSON.stringify({ SnapshotType: 'NormalSnapshot', SnapshotConfig: points });
}

async function makeTemplate() {
  const Name = 'five 张';
  const made = { Name, TemplateType: 'Snapshot', TemplateConfig: config(4) };
  const { VodTemplateId } = await call('AddVodTemplate', made);
  await call('UpdateVodTemplate', { VodTemplateId, TemplateConfig: config(5) });
  const info = (await call('GetVodTemplate', { VodTemplateId })).VodTemplateInfo;
  same('Name', info.Name, Name);
  same('Count', JSON.parse(info.TemplateConfig).SnapshotConfig.Count, 5);
  const { VodTemplateInfoList } = await call('ListVodTemplate', { TemplateType: 'Snapshot' });
  same('templates', VodTemplateInfoList.map((entry) => entry.VodTemplateId), [VodTemplateId]);
  return VodTemplateId;
}

// Submits a job and waits for its end; what GetJobDetail says then.
async function ended(VideoId, parameters) {
  const submitted = await call('SubmitSnapshotJob', { VideoId, ...parameters });
  const { JobId } = submitted.SnapshotJob;
  for (let i = 0; i < 1200; i += 1) {
    const detail = await call('GetJobDetail', { JobId, JobType: 'snapshot' });
    if (detail.SnapshotJobDetail.Status !== 'Processing') return detail.SnapshotJobDetail;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${mode}: ${JSON.stringify(parameters)} does not end`);
}

// Submits a job and waits for its success.
async function run(VideoId, parameters) {
  const { JobId, Status } = await ended(VideoId, parameters);
  same(`the status of ${JSON.stringify(parameters)}`, Status, 'Success');
  return JobId;
}

// Fields that the vendor lacks: a client shows them or leaves them out.
async function runOneThatFails(VideoId) {
  const detail = await ended(VideoId, { Count: 1, SpecifiedOffsetTime: 3600000 });
  same('the status of one past the end', detail.Status, 'Fail');
  const code = 'InvalidParameter.SpecifiedOffsetTime';
  same('ErrorCode', detail.ErrorCode ?? code, code);
  const { JobInfoList } = await call('ListJobInfo', { MediaId: VideoId, JobType: 'snapshot' });
  const failed = JobInfoList.filter((job) => job.Status === 'Fail');
  same('failed jobs', failed.map((job) => job.JobId), [detail.JobId]);
  same('ErrorCode, listed', failed[0].ErrorCode ?? code, code);
}

// The pictures of a job, by pages of two.
async function listed(VideoId, job, SnapshotType, total) {
  const indexes = [];
  for (let page = 1; page <= Math.ceil(total / 2); page += 1) {
    const asked = { VideoId, SnapshotType, PageNo: `${page}`, PageSize: '2' };
    const found = (await call('ListSnapshots', asked)).MediaSnapshot;
    same(`${SnapshotType}: JobId`, found.JobId, job);
    same(`${SnapshotType}: Total`, found.Total, total);
    indexes.push(...found.Snapshots.Snapshot.map((entry) => entry.Index));
  }
  same(`${SnapshotType}: indexes`, indexes, Array.from({ length: total }, (_, i) => i + 1));
}

async function runJobs(video, template) {
  const jobs = [await run(video, { Count: 3, Interval: 1, UserData: '{"Extend":{"localId":"x"}}' })];
  await listed(video, jobs[0], 'NormalSnapshot', 3);
  jobs.push(await run(video, { Count: 4, Interval: 2, SpriteSnapshotConfig: SPRITE }));
  await listed(video, jobs[1], 'SpriteSnapshot', 2);
  await listed(video, jobs[1], 'SpriteOriginSnapshot', 4);
  jobs.push(await run(video, { SpecifiedOffsetTimes: [0, 1500, 3000, 4500] }));
  await listed(video, jobs[2], 'NormalSnapshot', 4);
  jobs.push(await run(video, { SnapshotTemplateId: template }));
  await listed(video, jobs[3], 'NormalSnapshot', 5);
  const { JobInfoList } = await call('ListJobInfo', { MediaId: video, JobType: 'snapshot' });
  same('jobs', JobInfoList.map((job) => job.JobId).sort(), [...jobs].sort());
}

async function askVideo(VideoId) {
  const { Video } = await call('GetVideoInfo', { VideoId });
  same('Duration', Video.Duration, 10);
  same('pictures of the video', Video.Snapshots.Snapshot.length, 5);
  const { Mezzanine } = await call('GetMezzanineInfo', { VideoId });
  same('Width and Height', [Mezzanine.Width, Mezzanine.Height], [640, 360]);
}

async function beRefused(VideoId, VodTemplateId) {
  const submit = 'SubmitSnapshotJob';
  const noVideo = ['InvalidVideo.NotFound', 'video does not exist', 404];
  await refused(noVideo, submit, { VideoId: NOBODY, Count: 1 });
  await refused(noVideo, 'GetVideoInfo', { VideoId: NOBODY });
  await refused(['MissingParameter', '"VideoId"', 400], submit, { Count: 1 });
  await refused(['MissingParameter', '"Count" or "Interval"', 400], submit, { VideoId });
  await refused(['InvalidParameter', '"Width"', 400], submit, { VideoId, Count: 1, Width: '7' });
  const nothing = ['NoSuchResource', NOBODY, 404];
  await refused(nothing, submit, { VideoId, SnapshotTemplateId: NOBODY });
  await refused(nothing, 'GetJobDetail', { JobId: NOBODY, JobType: 'snapshot' });
  await refused(['NoSuchResource', 'CoverSnapshot', 404], 'ListSnapshots', { VideoId });
  const here = { Title: 't', FileName: 'a.mp4' };
  await refused(['OperationDenied', 'RegisterMedia', 403], 'CreateUploadVideo', here);
  for (const other of ['RefreshUploadVideo', 'GetVideoPlayAuth']) {
    await refused(['OperationDenied', 'UploadMediaByURL', 403], other, { VideoId });
  }
  await refused(['MissingVideoId', 'VideoId is mandatory', 400], 'ListSnapshots', {});
  const broken = { Name: 'n', TemplateType: 'Snapshot', TemplateConfig: '{' };
  await refused(['InvalidParameter', '"TemplateConfig"', 400], 'AddVodTemplate', broken);
  await call('DeleteVodTemplate', { VodTemplateId });
  await refused(['NoSuchResource', VodTemplateId, 404], 'GetVodTemplate', { VodTemplateId });
}

async function beRefusedAsSomebodyElse(VideoId) {
  const refusedAs = (key, wanted) => refused(wanted, 'GetVideoInfo', { VideoId }, key);
  const mismatch = ['SignatureDoesNotMatch', 'Specified signature ', 400];
  await refusedAs([setup.id, 'not the secret'], mismatch);
  const unknown = ['InvalidAccessKeyId.NotFound', 'access key is not found', 404];
  await refusedAs(['nobody', setup.secret], unknown);
  const disabled = ['InvalidAccessKeyId.Inactive', 'access key is disabled', 400];
  await refusedAs([setup.inactive_id, setup.inactive_secret], disabled);
}

// The other server lets one call a second pass; some call of many comes too soon.
async function beRefusedForHaste() {
  const [slow, action] = [client(mode, setup.slow_endpoint, setup.ca), 'ListVodTemplate'];
  try {
    for (let i = 0; i < 50; i += 1) await slow.call(action, { TemplateType: 'Snapshot' }, OWN_KEY);
  } catch (failure) {
    isRefusal(failure, ['Throttling.User', 'denied due to user flow control', 400], action);
    return;
  }
  throw new Error(`${mode}: no call came too soon`);
}

async function play(VideoId) {
  const answer = await call('GetPlayInfo', { VideoId, AuthTimeout: 60, Formats: 'mp4' });
  const [stream] = answer.PlayInfoList.PlayInfo;
  const found = [stream.Definition, stream.Width, stream.Height, stream.Fps, stream.Duration];
  same('the stream', found, ['OD', 640, 360, '25', '10']);
  same('the title', answer.VideoBase.Title, "数字 clip +*~'()!&=?");
  const response = await fetch(stream.PlayURL);
  same('Content-Type', response.headers.get('content-type'), 'video/mp4');
  same('the bytes', (await response.arrayBuffer()).byteLength, stream.Size);
  const unplayable = ['InvalidVideo.NoneStream', 'OD', 404];
  await refused(unplayable, 'GetPlayInfo', { VideoId, Definition: 'LD,HD' });
}

async function change(VideoId) {
  const snapshots = { VideoId, SnapshotType: 'NormalSnapshot' };
  const listed = await call('ListSnapshots', snapshots);
  const CoverURL = listed.MediaSnapshot.Snapshots.Snapshot[1].Url;
  await call('UpdateVideoInfo', { VideoId, CoverURL, Tags: 'a,b', CateId: 7 });
  const infos = await call('GetVideoInfos', { VideoIds: `${VideoId},${NOBODY}` });
  same('NonExistVideoIds', infos.NonExistVideoIds, [NOBODY]);
  const shown = infos.VideoList[0].CoverURL;
  same('CoverURL', shown.split('?')[0], CoverURL.split('?')[0]);
  const page = { CateId: 7, Status: 'Normal,UploadSucc', PageNo: 1, PageSize: 10 };
  const videos = await call('GetVideoList', page);
  same('Total', videos.Total, 1);
  same('Tags', videos.VideoList.Video[0].Tags, 'a,b');
  const Match = "Title = '数字' and CateId in ('7','8')";
  const media = await call('SearchMedia', { Match, PageSize: 1 });
  same('MediaId', media.MediaList.map((one) => one.MediaId), [VideoId]);
  const after = { Match: 'CateId = 7', ScrollToken: media.ScrollToken };
  same('media after the last', (await call('SearchMedia', after)).MediaList, []);
  const bad = ['InvalidParameter', 'It can search', 400];
  await refused(bad, 'SearchMedia', { Match: "Duration = '5'" });
}

async function deleteVideos(VideoId, uploaded) {
  const kept = await call('DeleteMezzanines', { VideoIds: VideoId });
  same('UnRemoveableVideoIds', kept.UnRemoveableVideoIds, [VideoId]);
  const gone = await call('DeleteVideo', { VideoIds: `${VideoId},${NOBODY},${uploaded}` });
  same('NonExistVideoIds', gone.NonExistVideoIds, [NOBODY]);
  await refused(['InvalidVideo.NotFound', 'video does not exist', 404], 'GetPlayInfo', { VideoId });
  same('videos left', (await call('GetVideoList', {})).Total, 0);
}

async function deleteImages(VideoId) {
  await call('DeleteImage', { DeleteImageType: 'VideoId', VideoId, ImageType: 'NormalSnapshot' });
  const gone = ['NoSuchResource', 'NormalSnapshot', 404];
  await refused(gone, 'ListSnapshots', { VideoId, SnapshotType: 'NormalSnapshot' });
}

async function main() {
  const video = await register();
  const template = await makeTemplate();
  await runJobs(video, template);
  await runOneThatFails(video);
  await askVideo(video);
  await play(video);
  await change(video);
  await beRefused(video, template);
  await beRefusedAsSomebodyElse(video);
  await beRefusedForHaste();
  await deleteImages(video);
  await deleteVideos(video, await upload());
}

main().catch((error) => {
  console.error(error instanceof Failure ? `${mode}: ${error.stack}` : error);
  process.exit(1);
});
