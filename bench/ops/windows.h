/* windows.h: one axis of an op that slides windows over an image: what of the image and of the
 * windows takes part in the result at all. */
#ifndef WHEELBENCH_WINDOWS_H
#define WHEELBENCH_WINDOWS_H

struct windows {
    long extent, outputs; /* of image and result */
    long window, stride, pad, dilation;
};

/* Taps inside the image, over all windows; *used: offsets within the window that ever are. */
double windows_taps(const struct windows *w, long *used);

/* Places of the image that some window touches, or fewer. */
double windows_touched(const struct windows *w);
#endif
