// drop FILE...: drags files from a window of its own onto the window under the mouse and drops them there, by
// version 5 of the XDND protocol (https://freedesktop.org/wiki/Specifications/XDND). Exits with 0 when the
// other side has taken them.
#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static Display* display;
static Window source, target;

static Atom atom(const char* name) { return XInternAtom(display, name, False); }

static void tell(const char* what, long l1, long l2, long l3, long l4) {
  XEvent event;
  memset(&event, 0, sizeof event);
  event.xclient.type = ClientMessage;
  event.xclient.display = display;
  event.xclient.window = target;
  event.xclient.message_type = atom(what);
  event.xclient.format = 32;
  event.xclient.data.l[0] = (long)source;
  event.xclient.data.l[1] = l1;
  event.xclient.data.l[2] = l2;
  event.xclient.data.l[3] = l3;
  event.xclient.data.l[4] = l4;
  XSendEvent(display, target, False, NoEventMask, &event);
  XFlush(display);
}

/// The list of files, to who asks for it.
static void hand_over(const XSelectionRequestEvent* request, const char* uris) {
  XChangeProperty(display, request->requestor, request->property, request->target, 8, PropModeReplace,
                  (const unsigned char*)uris, (int)strlen(uris));
  XEvent answer;
  memset(&answer, 0, sizeof answer);
  answer.xselection.type = SelectionNotify;
  answer.xselection.display = display;
  answer.xselection.requestor = request->requestor;
  answer.xselection.selection = request->selection;
  answer.xselection.target = request->target;
  answer.xselection.property = request->property;
  answer.xselection.time = request->time;
  XSendEvent(display, request->requestor, False, NoEventMask, &answer);
  XFlush(display);
}

int main(int count, char** files) {
  char uris[8192] = "";
  for (int i = 1; i < count; ++i) {
    char path[PATH_MAX];
    if (realpath(files[i], path) == NULL) return 2;
    snprintf(uris + strlen(uris), sizeof uris - strlen(uris), "file://%s\r\n", path);
  }
  display = XOpenDisplay(NULL);
  if (display == NULL || count < 2) return 2;
  alarm(60);

  Window root;
  int root_x, root_y, x, y;
  unsigned mask;
  XQueryPointer(display, DefaultRootWindow(display), &root, &target, &root_x, &root_y, &x, &y, &mask);
  if (target == None) return 3;
  source = XCreateSimpleWindow(display, root, 0, 0, 1, 1, 0, 0, 0);
  XSetSelectionOwner(display, atom("XdndSelection"), source, CurrentTime);
  tell("XdndEnter", 5L << 24, (long)atom("text/uri-list"), None, None);
  tell("XdndPosition", 0, (long)root_x << 16 | root_y, CurrentTime, (long)atom("XdndActionCopy"));

  for (;;) {
    XEvent event;
    XNextEvent(display, &event);
    if (event.type == SelectionRequest) hand_over(&event.xselectionrequest, uris);
    if (event.type != ClientMessage) continue;
    if (event.xclient.message_type == atom("XdndStatus")) {
      if ((event.xclient.data.l[1] & 1) == 0) return 4;  // not wanted there
      tell("XdndDrop", 0, CurrentTime, 0, 0);
    }
    if (event.xclient.message_type == atom("XdndFinished")) return 0;
  }
}
