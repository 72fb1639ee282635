#!/usr/bin/env python3
"""How long a cover takes beside a job of 10,000 pictures: `beside.py PROGRAM`.

PROGRAM is a release build of vod-snapshot. ffmpeg makes the videos: 27 minutes of 640x360 as MP4 and as
AVI, which has no index that is ours to read, and ten seconds for the cover. Prints for each the times of
the cover alone and beside the large job, in seconds.
"""

import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

PICTURES = 10_000
COVERS = 15


def make(folder):
    def ffmpeg(*arguments):
        command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", *map(str, arguments)]
        subprocess.run(command, check=True)

    x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "250"]
    for name, seconds in (("large.mp4", 1600), ("small.mp4", 10)):
        film = f"testsrc2=size=640x360:rate=25:duration={seconds}"
        ffmpeg("-f", "lavfi", "-i", film, *x264, folder / name)
    mpeg4 = ["-c:v", "mpeg4", "-g", "250", "-bf", "0", "-q:v", "5"]
    ffmpeg("-i", folder / "large.mp4", *mpeg4, folder / "large.avi")


class Server:
    def __init__(self, program, media, data):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        options = ["--listen", self.address, "--data", data, "--media-root", media]
        command = [program, "serve", "--auth", "none", *map(str, options)]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        while True:
            try:
                self.call("GetVideoList")
                break
            except OSError:
                time.sleep(0.1)

    def call(self, action, **parameters):
        body = urllib.parse.urlencode(parameters).encode()
        with urllib.request.urlopen(f"http://{self.address}/{action}", body) as answer:
            return json.load(answer)

    def register(self, path):
        entry = [{"FileURL": path.as_uri(), "Title": path.name}]
        answer = self.call("RegisterMedia", RegisterMetadatas=json.dumps(entry))
        return answer["RegisteredMediaList"][0]["MediaId"]

    def submit(self, video, count):
        answer = self.call("SubmitSnapshotJob", VideoId=video, Count=count, Interval=0)
        return answer["SnapshotJob"]["JobId"]

    def status(self, job):
        answer = self.call("GetJobDetail", JobType="snapshot", JobId=job)
        return answer["SnapshotJobDetail"]["Status"]

    def cover_seconds(self, video):
        begun, job = time.monotonic(), self.submit(video, 1)
        while (status := self.status(job)) == "Processing":
            time.sleep(0.02)
        assert status == "Success", status
        return time.monotonic() - begun


def measure(server, folder, large):
    small = server.register(folder / "small.mp4")
    alone = [server.cover_seconds(small) for _ in range(5)]
    job = server.submit(server.register(folder / large), PICTURES)
    beside = []
    while len(beside) < COVERS:
        time.sleep(1 + len(beside) % 4 / 3)
        beside.append(server.cover_seconds(small))
        if server.status(job) != "Processing":
            beside.pop()
            break
    for name, seconds in (("alone", alone), ("beside", beside)):
        middle = statistics.median(seconds)
        print(f"{large}: cover {name}: median {middle:.2f}, longest {max(seconds):.2f} of {len(seconds)}")


def main():
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top) / "media"
        folder.mkdir()
        make(folder)
        for large in ("large.mp4", "large.avi"):
            server = Server(sys.argv[1], folder, Path(top) / f"data-{large}")
            try:
                measure(server, folder, large)
            finally:
                server.process.terminate()
                server.process.wait()


main()
