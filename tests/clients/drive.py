"""Drives one Python client through the whole service: `drive.py MODE SETUP`, SETUP as JSON."""

import json
import re
import ssl
import sys
import time
import urllib.request

from python_clients import Failure, client

REQUEST_ID = re.compile(r"^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$")
NOBODY = "0123456789abcdef0123456789abcdef"
SPRITE = '{"CellWidth":"120","CellHeight":"68","Columns":"2","Lines":"1","KeepCellPic":"keep"}'

mode, setup = sys.argv[1], json.loads(sys.argv[2])
face = client(mode, setup["endpoint"], setup.get("ca"))
key = (setup["id"], setup["secret"])


def call(action, key=key, **parameters):
    answer = face.call(action, parameters, key)
    same(f"{action}: RequestId", bool(REQUEST_ID.match(answer["RequestId"])), True)
    return answer


def same(what, found, wanted):
    if found != wanted:
        sys.exit(f"{mode}: {what} is {found!r}, not {wanted!r}")


def refused(wanted, text, status, action, key=key, **parameters):
    """The call must fail with this code, a message with this text, this status, a request id."""
    try:
        answer = face.call(action, parameters, key)
    except Failure as failure:
        return is_refusal(failure, wanted, text, status, action)
    sys.exit(f"{mode}: {action} gave {answer!r}, not {wanted}")


def is_refusal(failure, wanted, text, status, action):
    same(f"{action}: code", failure.code, wanted)
    same(f"{action}: {text!r} in {failure.message!r}", text in failure.message, True)
    same(f"{action}: status", failure.status, status)
    same(f"{action}: request id", bool(REQUEST_ID.match(failure.request_id or "")), True)


def register():
    files = [
        {"FileURL": setup["clip"], "Title": "数字 clip +*~'()!&=?"},
        {"FileURL": setup["clip"].replace("numbered", "absent"), "Title": "absent"},
    ]
    first = call("RegisterMedia", RegisterMetadatas=json.dumps(files))
    media = first["RegisteredMediaList"][0]
    same("NewRegister", media["NewRegister"], True)
    same("FailedFileURLs", first["FailedFileURLs"], [files[1]["FileURL"]])
    again = call("RegisterMedia", RegisterMetadatas=json.dumps(files[:1]))
    same("NewRegister, again", again["RegisteredMediaList"][0]["NewRegister"], False)
    same("MediaId, again", again["RegisteredMediaList"][0]["MediaId"], media["MediaId"])
    return media["MediaId"]


def upload():
    """Downloads the clip from a URL; what it becomes is a video like any other."""
    told = {"SourceURL": setup["clip_url"], "Title": "上传", "ReferenceId": "my-upload"}
    asked = {"UploadURLs": setup["clip_url"], "UploadMetadatas": json.dumps([told])}
    job = call("UploadMediaByURL", **asked)["UploadJobs"][0]
    same("SourceURL", job["SourceURL"], setup["clip_url"])
    for _ in range(600):
        info = call("GetURLUploadInfos", JobIds=job["JobId"])["URLUploadInfoList"][0]
        if info["Status"] not in ("PENDING", "PROCESSING"):
            break
        time.sleep(0.1)
    same("Status of the upload", info["Status"], "SUCCESS")
    run(info["MediaId"], Count=1)
    video = call("GetVideoInfo", ReferenceId="my-upload")["Video"]
    same("the upload", (video["VideoId"], video["Title"]), (info["MediaId"], "上传"))
    none = call("GetURLUploadInfos", JobIds=NOBODY)
    same("NonExists", none["NonExists"], [NOBODY])
    return info["MediaId"]


def config(count):
    points = {"Count": count, "Interval": 1, "SpecifiedOffsetTime": 0, "FrameType": "normal"}
    return json.dumps({"SnapshotType": "NormalSnapshot", "SnapshotConfig": points})


def make_template():
    name = "five 张"
    made = call("AddVodTemplate", Name=name, TemplateType="Snapshot", TemplateConfig=config(4))
    template = made["VodTemplateId"]
    call("UpdateVodTemplate", VodTemplateId=template, TemplateConfig=config(5))
    info = call("GetVodTemplate", VodTemplateId=template)["VodTemplateInfo"]
    same("Name", info["Name"], name)
    same("Count", json.loads(info["TemplateConfig"])["SnapshotConfig"]["Count"], 5)
    listed = call("ListVodTemplate", TemplateType="Snapshot")["VodTemplateInfoList"]
    same("templates", [entry["VodTemplateId"] for entry in listed], [template])
    return template


def ended(video, **parameters):
    """Submits a job and waits for its end; what GetJobDetail says then."""
    job = call("SubmitSnapshotJob", VideoId=video, **parameters)["SnapshotJob"]["JobId"]
    for _ in range(1200):
        detail = call("GetJobDetail", JobId=job, JobType="snapshot")["SnapshotJobDetail"]
        if detail["Status"] != "Processing":
            return detail
        time.sleep(0.1)
    sys.exit(f"{mode}: {parameters} does not end")


def run(video, **parameters):
    """Submits a job and waits for its success."""
    detail = ended(video, **parameters)
    same(f"the status of {parameters}", detail["Status"], "Success")
    return detail["JobId"]


def run_one_that_fails(video):
    """Fields that the vendor lacks: a client shows them or leaves them out."""
    detail = ended(video, Count=1, SpecifiedOffsetTime=3600000)
    same("the status of one past the end", detail["Status"], "Fail")
    code = "InvalidParameter.SpecifiedOffsetTime"
    same("ErrorCode", detail.get("ErrorCode", code), code)
    found = call("ListJobInfo", MediaId=video, JobType="snapshot")["JobInfoList"]
    failed = [job for job in found if job["Status"] == "Fail"]
    same("failed jobs", [job["JobId"] for job in failed], [detail["JobId"]])
    same("ErrorCode, listed", failed[0].get("ErrorCode", code), code)


def listed(video, job, kind, total):
    """The pictures of a job, by pages of two."""
    indexes = []
    for page in range(1, (total + 1) // 2 + 1):
        asked = {"SnapshotType": kind, "PageNo": str(page), "PageSize": "2"}
        found = call("ListSnapshots", VideoId=video, **asked)["MediaSnapshot"]
        same(f"{kind}: JobId", found["JobId"], job)
        same(f"{kind}: Total", found["Total"], total)
        indexes += [entry["Index"] for entry in found["Snapshots"]["Snapshot"]]
    same(f"{kind}: indexes", indexes, list(range(1, total + 1)))


def run_jobs(video, template):
    jobs = [run(video, Count=3, Interval=1, UserData='{"Extend":{"localId":"x"}}')]
    listed(video, jobs[-1], "NormalSnapshot", 3)
    jobs.append(run(video, Count=4, Interval=2, SpriteSnapshotConfig=SPRITE))
    listed(video, jobs[-1], "SpriteSnapshot", 2)
    listed(video, jobs[-1], "SpriteOriginSnapshot", 4)
    jobs.append(run(video, SpecifiedOffsetTimes=[0, 1500, 3000, 4500]))
    listed(video, jobs[-1], "NormalSnapshot", 4)
    jobs.append(run(video, SnapshotTemplateId=template))
    listed(video, jobs[-1], "NormalSnapshot", 5)
    found = call("ListJobInfo", MediaId=video, JobType="snapshot")["JobInfoList"]
    same("jobs", sorted(job["JobId"] for job in found), sorted(jobs))


def ask_video(video):
    info = call("GetVideoInfo", VideoId=video)["Video"]
    same("Duration", info["Duration"], 10.0)
    same("pictures of the video", len(info["Snapshots"]["Snapshot"]), 5)
    mezzanine = call("GetMezzanineInfo", VideoId=video)["Mezzanine"]
    same("Width and Height", [mezzanine["Width"], mezzanine["Height"]], [640, 360])


def be_refused(video, template):
    submit = "SubmitSnapshotJob"
    refused("InvalidVideo.NotFound", "video does not exist", 404, submit, VideoId=NOBODY, Count=1)
    refused("InvalidVideo.NotFound", "video does not exist", 404, "GetVideoInfo", VideoId=NOBODY)
    refused("MissingParameter", '"VideoId"', 400, submit, Count=1)
    refused("MissingParameter", '"Count" or "Interval"', 400, submit, VideoId=video)
    refused("InvalidParameter", '"Width"', 400, submit, VideoId=video, Count=1, Width="7")
    unknown = {"VideoId": video, "SnapshotTemplateId": NOBODY}
    refused("NoSuchResource", NOBODY, 404, submit, **unknown)
    refused("NoSuchResource", NOBODY, 404, "GetJobDetail", JobId=NOBODY, JobType="snapshot")
    refused("NoSuchResource", "CoverSnapshot", 404, "ListSnapshots", VideoId=video)
    here = {"Title": "t", "FileName": "a.mp4"}
    refused("OperationDenied", "RegisterMedia", 403, "CreateUploadVideo", **here)
    for other in ("RefreshUploadVideo", "GetVideoPlayAuth"):
        refused("OperationDenied", "UploadMediaByURL", 403, other, VideoId=video)
    refused("MissingVideoId", "VideoId is mandatory", 400, "ListSnapshots")
    config = {"Name": "n", "TemplateType": "Snapshot", "TemplateConfig": "{"}
    refused("InvalidParameter", '"TemplateConfig"', 400, "AddVodTemplate", **config)
    call("DeleteVodTemplate", VodTemplateId=template)
    refused("NoSuchResource", template, 404, "GetVodTemplate", VodTemplateId=template)


def be_refused_as_somebody_else(video):
    get = ("GetVideoInfo",)
    wrong, stranger = (setup["id"], "not the secret"), ("nobody", setup["secret"])
    inactive = (setup["inactive_id"], setup["inactive_secret"])
    refused(*face.wrong_secret, 400, *get, key=wrong, VideoId=video)
    not_found = ("InvalidAccessKeyId.NotFound", "access key is not found", 404)
    refused(*not_found, *get, key=stranger, VideoId=video)
    disabled = ("InvalidAccessKeyId.Inactive", "access key is disabled", 400)
    refused(*disabled, *get, key=inactive, VideoId=video)


def be_refused_for_haste():
    """The other server lets one call a second pass; some call of many comes too soon."""
    slow, action = client(mode, setup["slow_endpoint"], setup.get("ca")), "ListVodTemplate"
    try:
        for _ in range(50):
            slow.call(action, {"TemplateType": "Snapshot"}, key)
    except Failure as failure:
        text = "denied due to user flow control"
        return is_refusal(failure, "Throttling.User", text, 400, action)
    sys.exit(f"{mode}: no call came too soon")


def play(video):
    answer = call("GetPlayInfo", VideoId=video, AuthTimeout=60, Formats="mp4")
    stream = answer["PlayInfoList"]["PlayInfo"][0]
    found = [stream[name] for name in ("Definition", "Width", "Height", "Fps", "Duration")]
    same("the stream", found, ["OD", 640, 360, "25", "10"])
    same("the clip's title", answer["VideoBase"]["Title"], "数字 clip +*~'()!&=?")
    tls = ssl.create_default_context(cafile=setup["ca"]) if setup.get("ca") else None
    with urllib.request.urlopen(stream["PlayURL"], context=tls) as response:
        same("Content-Type", response.headers["Content-Type"], "video/mp4")
        same("the bytes", len(response.read()), stream["Size"])
    unplayable = ("InvalidVideo.NoneStream", "OD", 404)
    refused(*unplayable, "GetPlayInfo", VideoId=video, Definition="LD,HD")


def change(video):
    listed = call("ListSnapshots", VideoId=video, SnapshotType="NormalSnapshot")
    cover = listed["MediaSnapshot"]["Snapshots"]["Snapshot"][1]["Url"]
    call("UpdateVideoInfo", VideoId=video, CoverURL=cover, Tags="a,b", CateId=7)
    infos = call("GetVideoInfos", VideoIds=f"{video},{NOBODY}")
    same("NonExistVideoIds", infos["NonExistVideoIds"], [NOBODY])
    shown = infos["VideoList"][0]["CoverURL"]
    same("CoverURL", shown.split("?")[0], cover.split("?")[0])
    same("snapshots", len(infos["VideoList"][0]["Snapshots"]), 5)
    videos = call("GetVideoList", CateId=7, Status="Normal,UploadSucc", PageNo=1, PageSize=10)
    same("Total", videos["Total"], 1)
    same("Tags", videos["VideoList"]["Video"][0]["Tags"], "a,b")
    found = call("SearchMedia", Match="Title = '数字' and CateId in ('7','8')", PageSize=1)
    same("MediaId", [media["MediaId"] for media in found["MediaList"]], [video])
    same("Title", "clip" in found["MediaList"][0]["Video"]["Title"], True)
    after = call("SearchMedia", Match="CateId = 7", ScrollToken=found["ScrollToken"])
    same("media after the last", after["MediaList"], [])
    bad = ("InvalidParameter", "It can search", 400)
    refused(*bad, "SearchMedia", Match="Duration = '5'")


def delete_videos(video, uploaded):
    kept = call("DeleteMezzanines", VideoIds=video)["UnRemoveableVideoIds"]
    same("UnRemoveableVideoIds", kept, [video])
    gone = call("DeleteVideo", VideoIds=f"{video},{NOBODY},{uploaded}")["NonExistVideoIds"]
    same("NonExistVideoIds", gone, [NOBODY])
    refused("InvalidVideo.NotFound", "video does not exist", 404, "GetPlayInfo", VideoId=video)
    same("videos left", call("GetVideoList")["Total"], 0)


def delete_images(video):
    one = {"DeleteImageType": "VideoId", "VideoId": video, "ImageType": "NormalSnapshot"}
    call("DeleteImage", **one)
    gone = {"VideoId": video, "SnapshotType": "NormalSnapshot"}
    refused("NoSuchResource", "NormalSnapshot", 404, "ListSnapshots", **gone)


video = register()
template = make_template()
run_jobs(video, template)
run_one_that_fails(video)
ask_video(video)
play(video)
change(video)
be_refused(video, template)
be_refused_as_somebody_else(video)
be_refused_for_haste()
delete_images(video)
delete_videos(video, upload())
