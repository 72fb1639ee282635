"""What programs do with snapshots: `programs.py PROGRAM MODE SETUP`, SETUP as JSON.

Each is a use that programs really make of the API, from a stored file to a picture that is shown.
"""

import hashlib
import http.server
import json
import queue
import ssl
import sys
import threading
import time
import urllib.request

from python_clients import Failure, client

program, mode, setup = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
face = client(mode, setup["endpoint"], setup.get("ca"))
key = (setup["id"], setup["secret"])
AUTH_KEY = "Secret0of1Callbacks"


def call(action, **parameters):
    return face.call(action, parameters, key)


def check(what, is_so):
    if not is_so:
        sys.exit(f"{program} {mode}: {what}")


def refusal(action, **parameters):
    try:
        answer = call(action, **parameters)
    except Failure as failure:
        return failure
    sys.exit(f"{program} {mode}: {action} gave {answer!r}")


def fetch(url, start=0):
    tls = ssl.create_default_context(cafile=setup["ca"]) if setup.get("ca") else None
    request = urllib.request.Request(url, headers={"Range": f"bytes={start}-"})
    with urllib.request.urlopen(request, context=tls, timeout=30) as answer:
        return answer.read()


def picture(url):
    check(f"{url} is no picture", fetch(url)[:3] == b"\xff\xd8\xff")


def register(title, **fields):
    files = json.dumps([{"FileURL": setup["clip"], "Title": title, **fields}])
    answer = call("RegisterMedia", RegisterMetadatas=files)
    return answer["RegisteredMediaList"][0]["MediaId"]


def submit(video, **parameters):
    return call("SubmitSnapshotJob", VideoId=video, **parameters)["SnapshotJob"]["JobId"]


def until(what, found):
    for _ in range(1200):
        result = found()
        if result:
            return result
        time.sleep(0.1)
    sys.exit(f"{program} {mode}: no {what}")


def finish(job):
    def ended():
        detail = call("GetJobDetail", JobId=job, JobType="snapshot")["SnapshotJobDetail"]
        return detail if detail["Status"] != "Processing" else None

    check(f"{job} failed", until("end of the job", ended)["Status"] == "Success")


def pages(video, kind, size):
    """All pictures, page by page, until there are as many as Total says."""
    entries, page = [], 1
    while True:
        asked = {"SnapshotType": kind, "PageNo": str(page), "PageSize": str(size)}
        media = call("ListSnapshots", VideoId=video, **asked)["MediaSnapshot"]
        entries += media["Snapshots"]["Snapshot"]
        if len(entries) >= media["Total"]:
            return entries
        page += 1


class Receiver:
    """The program's own web server: it takes events whose signature is right."""

    def __init__(self):
        events = self.events = queue.Queue()
        urls = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                stamp = self.headers["X-VOD-TIMESTAMP"]
                url = f"{urls[0]}{self.path}"
                signed = hashlib.md5(f"{url}|{stamp}|{AUTH_KEY}".encode()).hexdigest()
                is_ours = signed == self.headers["X-VOD-SIGNATURE"]
                events.put(json.loads(body) if is_ours else "a wrong signature")
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        urls.append(f"http://127.0.0.1:{server.server_port}")
        self.base = urls[0]
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def subscribe(self):
        callback = {"CallbackType": "HTTP", "CallbackURL": f"{self.base}/all"}
        auth = {"AuthSwitch": "on", "AuthKey": AUTH_KEY}
        call("SetMessageCallback", EventTypeList="SnapshotComplete", **callback, **auth)

    def next(self, job):
        """The event of the job."""
        while True:
            event = self.events.get(timeout=60)
            check(event, isinstance(event, dict))
            infos = event.get("SnapshotInfos", [])
            if any(info["JobId"] == job for info in infos):
                check("it is no success", event["Status"] == "success")
                return event


def courses():
    """A template whose id stands in the configuration; then it plays the video."""
    points = {"Count": 4, "Interval": 2, "SpecifiedOffsetTime": 0, "FrameType": "normal"}
    config = json.dumps({"SnapshotType": "NormalSnapshot", "SnapshotConfig": points})
    made = call("AddVodTemplate", Name="c", TemplateType="Snapshot", TemplateConfig=config)
    configured = {"snapshot_template_id": made["VodTemplateId"]}
    video = register("a course")
    job = submit(video, SnapshotTemplateId=configured["snapshot_template_id"])
    finish(job)
    entries = pages(video, "NormalSnapshot", 20)
    check(f"{len(entries)} pictures", len(entries) == 4)
    picture(entries[0]["Url"])
    info = call("GetPlayInfo", VideoId=video)
    base, played = info["VideoBase"], info["PlayInfoList"]["PlayInfo"][0]
    check(f"{base}", base["Title"] == "a course" and float(base["Duration"]) == 10.0)
    check(f"{played}", (played["Definition"], played["Format"]) == ("OD", "mp4"))
    check(f"{played}", (played["Width"], played["Height"]) == (640, 360))
    size = played["Size"]
    check("the end of the file", len(fetch(played["PlayURL"], size - 100)) == 100)


def covers():
    """Count and Interval; an editor chooses one of the pictures as the cover."""
    video = register("a film")
    finish(submit(video, Count=3, Interval=2, SpecifiedOffsetTime=1000))
    chosen = pages(video, "NormalSnapshot", 20)[1]["Url"].split("?")[0]
    call("UpdateVideoInfo", VideoId=video, CoverURL=chosen, Title="a film, shown", Tags="a,b")
    info = call("GetVideoInfo", VideoId=video)["Video"]
    check(f"{info}", info["CoverURL"].split("?")[0] == chosen)
    check(f"{info}", (info["Title"], info["Tags"]) == ("a film, shown", "a,b"))


def scrub_bar():
    """Sheets for a player's scrub bar, and nothing else of the job."""
    config = {"CellWidth": 120, "CellHeight": 68, "Columns": 2, "Lines": 2, "KeepCellPic": "delete"}
    video = register("a talk")
    finish(submit(video, Count=5, Interval=0, SpriteSnapshotConfig=json.dumps(config)))
    sheets = pages(video, "SpriteSnapshot", 20)
    check(f"{len(sheets)} sheets", len(sheets) == 2)
    for sheet in sheets:
        picture(sheet["Url"])
    gone = refusal("ListSnapshots", VideoId=video, SnapshotType="SpriteOriginSnapshot")
    check(gone.code, gone.code == "NoSuchResource")


def cover_of_event():
    """A signed event brings the cover and what the program gave with the job."""
    receiver = Receiver()
    receiver.subscribe()
    video = register("news")
    extend = {"localId": "42", "tenant": "x"}
    data = {"Extend": extend, "MessageCallback": {"CallbackURL": f"{receiver.base}/of-this-job"}}
    job = submit(video, Count=1, SpecifiedOffsetTime=2000, UserData=json.dumps(data))
    event = receiver.next(job)
    check(f"{event}", event["VideoId"] == video and json.loads(event["Extend"]) == extend)
    picture(event["CoverUrl"])


def numbers_of_event():
    """A signed event brings a pattern, whose number the program fills in."""
    receiver = Receiver()
    receiver.subscribe()
    video = register("sports")
    job = submit(video, Count=3, Interval=3)
    info = receiver.next(job)["SnapshotInfos"][0]
    check(f"{info}", (info["SnapshotType"], info["SnapshotCount"]) == ("NormalSnapshot", 3))
    for number in range(1, info["SnapshotCount"] + 1):
        picture(info["SnapshotRegular"].replace("{SnapshotCount}", f"{number:05}"))


def gallery():
    """Pages of pictures of one of many videos, which is found, shown and deleted."""
    video = register("a gallery", ReferenceId="gallery-1", CateId=7)
    finish(submit(video, Count=25, Interval=0))
    entries = pages(video, "NormalSnapshot", 10)
    check("the numbers", [entry["Index"] for entry in entries] == list(range(1, 26)))
    found = call("GetVideoInfos", VideoIds=video)["VideoList"]
    check(f"{found}", [entry["Title"] for entry in found] == ["a gallery"])
    found = call("GetVideoList", CateId=7, PageNo=1, PageSize=10)
    check(f"{found}", found["Total"] == 1)
    check(f"{found}", found["VideoList"]["Video"][0]["VideoId"] == video)
    found = call("SearchMedia", SearchType="video", Match="Title = 'a gallery'")
    check(f"{found}", [entry["MediaId"] for entry in found["MediaList"]] == [video])
    deletion = {"DeleteImageType": "VideoId", "VideoId": video, "ImageType": "All"}
    call("DeleteImage", **deletion)
    gone = refusal("ListSnapshots", VideoId=video, SnapshotType="NormalSnapshot")
    check(gone.code, gone.code == "NoSuchResource")
    call("DeleteVideo", VideoIds=video)
    gone = refusal("GetVideoInfo", VideoId=video)
    check(gone.code, gone.code == "InvalidVideo.NotFound")


def previews():
    """A moving preview of a video, by a template of which the call changes the format."""
    video = register("a preview")
    config = json.dumps(
        {
            "Video": {"Width": "160", "Height": "128", "Fps": "5"},
            "Container": {"Format": "gif"},
            "Clip": {"TimeSpan": {"Seek": "1", "Duration": "1"}},
        }
    )
    made = {"Name": "p", "TemplateType": "DynamicImage", "TemplateConfig": config}
    template = call("AddVodTemplate", **made)["VodTemplateId"]
    info = call("GetVodTemplate", VodTemplateId=template)["VodTemplateInfo"]
    check(f"{info}", info["TemplateType"] == "DynamicImage")
    asked = {
        "VideoId": video,
        "DynamicImageTemplateId": template,
        "OverrideParams": json.dumps({"Container": {"Format": "webp"}}),
    }
    job = call("SubmitDynamicImageJob", **asked)["DynamicImageJob"]["JobId"]
    finish(job)
    (image,) = call("ListDynamicImage", VideoId=video)["DynamicImageList"]
    size = (image["Width"], image["Height"], image["Fps"], image["Duration"], image["Format"])
    check(f"{image}", size == ("160", "128", "5", "1", "webp"))
    file = fetch(image["FileURL"])
    check(image["FileURL"], file[:4] == b"RIFF" and len(file) == int(image["FileSize"]))
    call("DeleteDynamicImage", VideoId=video, DynamicImageIds=image["DynamicImageId"])
    check("it is still there", not call("ListDynamicImage", VideoId=video)["DynamicImageList"])


def uploads():
    """What cannot be uploaded as at the vendor is told what to call; then it uploads by URL."""
    vendor = {
        "CreateUploadVideo": {"Title": "t", "FileName": "a.mp4"},
        "RefreshUploadVideo": {"VideoId": "0" * 32},
        "GetVideoPlayAuth": {"VideoId": "0" * 32},
    }
    for action, parameters in vendor.items():
        failure = refusal(action, **parameters)
        names = all(name in failure.message for name in ("RegisterMedia", "UploadMediaByURL"))
        check(f"{action}: {failure}", names and 400 <= failure.status < 500)
    url = setup["clip_url"]
    metadata = json.dumps([{"SourceURL": url, "Title": "uploaded"}])
    jobs = call("UploadMediaByURL", UploadURLs=url, UploadMetadatas=metadata)["UploadJobs"]

    def uploaded():
        asked = {"JobIds": jobs[0]["JobId"]}
        info = call("GetURLUploadInfos", **asked)["URLUploadInfoList"][0]
        check(f"{info}", "FAIL" not in info["Status"].upper())
        return info if info["Status"].upper() == "SUCCESS" else None

    video = until("upload", uploaded)["MediaId"]
    check("the title", call("GetVideoInfo", VideoId=video)["Video"]["Title"] == "uploaded")
    finish(submit(video, Count=2, Interval=1))
    check("the pictures", len(pages(video, "NormalSnapshot", 1)) == 2)


{
    "courses": courses,
    "covers": covers,
    "scrub-bar": scrub_bar,
    "cover-of-event": cover_of_event,
    "numbers-of-event": numbers_of_event,
    "gallery": gallery,
    "previews": previews,
    "uploads": uploads,
}[program]()
