"""What is plugged in: cameras and the reading of codes, scanners, loudspeakers; each with its stand-in."""

import os

# OpenCV waits ten seconds for a camera that hangs; it looks here for how long when it is loaded.
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2")
