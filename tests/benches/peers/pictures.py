"""Takes pictures with PyAV or OpenCV, as their documentation does it: seek, decode on, save."""

import json
import sys


def pyav1(order):
    pyav(order, threads=1)


def pyav(order, threads=None):
    import av

    container = av.open(order["video"])
    stream = container.streams.video[0]
    if threads:
        stream.codec_context.thread_count = threads
    start = (stream.start_time or 0) * stream.time_base
    width, height = order["size"]
    for index, shown_s in enumerate(order["shown_s"], 1):
        wanted_s = shown_s - order["frame_s"] / 2
        container.seek(int((shown_s + start) / stream.time_base), stream=stream)
        for frame in container.decode(stream):
            if frame.time - start >= wanted_s:
                picture = frame.reformat(width, height, "rgb24").to_image()
                picture.save(f"{order['out']}/{index:05}.jpg", quality=90)
                break


def opencv(order):
    import cv2

    capture = cv2.VideoCapture(order["video"])
    for index, frame in enumerate(order["frames"], 1):
        capture.set(cv2.CAP_PROP_POS_FRAMES, frame)
        taken, picture = capture.read()
        if taken:
            picture = cv2.resize(picture, order["size"], interpolation=cv2.INTER_AREA)
            cv2.imwrite(f"{order['out']}/{index:05}.jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])


with open(sys.argv[2], encoding="utf-8") as file:
    {"pyav": pyav, "pyav1": pyav1, "opencv": opencv}[sys.argv[1]](json.load(file))
