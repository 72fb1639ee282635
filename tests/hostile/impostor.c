/* Passes for an ffmpeg until it is given a video; then it does what VICE says. What it gets away
   with, it says by exit code 0 after writing the name of the deed to stderr. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The descriptor of the video that it may read, where it is given one. */
static int given = -1;

static void got_away(const char *deed) {
    /* The form of ffmpeg's complaints, so that it reaches the error's text. */
    fprintf(stderr, "[error] GOT AWAY WITH %s\n", deed);
    exit(1);
}

static void reads(const char *path) {
    char byte;
    int file = open(path, O_RDONLY);
    if (file >= 0 && read(file, &byte, 1) == 1) got_away(path);
}

static void vice(void) {
    char block[65536];
    memset(block, 'x', sizeof block);
#if defined(CONNECT)
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(18999)};
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int stream = socket(AF_INET, SOCK_STREAM, 0);
    if (stream >= 0) got_away("a socket");
    if (connect(stream, (struct sockaddr *)&there, sizeof there) == 0) got_away("connect");
    if (socket(AF_INET, SOCK_DGRAM, 0) >= 0) got_away("a UDP socket");
    if (socket(AF_UNIX, SOCK_STREAM, 0) >= 0) got_away("a local socket");
#elif defined(READ)
    char path[64];
    extern char **environ;
    if (environ && *environ) got_away("an environment");
    reads("/proc/self/environ");
    snprintf(path, sizeof path, "/proc/%d/environ", (int)getppid());
    reads(path);
    reads("/etc/passwd");
    reads(CANARY);
    for (int file = 3; file < 4096; file++)
        if (file != given && fcntl(file, F_GETFD) >= 0) got_away("an open file of its parent's");
#elif defined(PARENT)
    /* What nothing but the parent's own walls keeps from it. */
    char path[64];
    const char *secrets[] = {"environ", "mem", "maps", "auxv", "cwd/Cargo.toml", "fd/1"};
    for (int nth = 0; nth < 6; nth++) {
        snprintf(path, sizeof path, "/proc/%d/%s", (int)getppid(), secrets[nth]);
        int file = open(path, O_RDONLY);
        /* Reading at the start of its memory fails for all; that it opens is enough. */
        if (file >= 0) got_away(path);
    }
#elif defined(WRITE_MUCH)
    int file = open("much", O_WRONLY | O_CREAT, 0600);
    if (file < 0) got_away("nothing: a file is refused before it has a size");
    for (long left = 10L << 30; left > 0; left -= sizeof block)
        if (write(file, block, sizeof block) < 0) break;
    got_away("writing");
#elif defined(START)
    if (fork() >= 0) got_away("fork");
    if (vfork() >= 0) got_away("vfork");
    if (setsid() >= 0 || setpgid(0, 0) == 0) got_away("leaving its group");
    if (kill(getppid(), 0) == 0) got_away("kill");
    char *shell[] = {"/bin/sh", "-c", "echo '[error] GOT AWAY WITH a shell' >&2", NULL};
    execv(shell[0], shell);
    char *self[] = {SELF, "-decoders", NULL};
    execv(self[0], self);
    if (errno != EPERM) got_away("exec past the filter");
#elif defined(WRITE)
    int file = open("much", O_WRONLY | O_CREAT, 0600);
    if (file >= 0) got_away("a new file");
    if (mkdir("folder", 0700) == 0) got_away("a new folder");
#elif defined(FLOOD_STDOUT)
    for (long left = 10L << 30; left > 0; left -= sizeof block)
        if (write(1, block, sizeof block) < 0) exit(1);
#elif defined(FLOOD_STDERR)
    for (;;) fprintf(stderr, "[error] %.100s\n", block);
#elif defined(SLEEP)
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    for (;;) pause();
#elif defined(BURN)
    signal(SIGTERM, SIG_IGN);
    for (volatile long turn = 0;; turn++) {}
#elif defined(ALLOCATE)
    if (malloc(100L << 30)) got_away("100 GB");
    for (long taken = 0; taken < 100L << 30; taken += 64L << 20)
        if (!malloc(64L << 20)) return;
    got_away("100 GB in parts");
#elif defined(CRASH)
    *(volatile int *)8 = 1;
#endif
}

int main(int count, char **arguments) {
    for (int nth = 1; nth < count; nth++) {
        if (!strcmp(arguments[nth], "-decoders")) {
            fputs("ffmpeg version 7.0 Copyright\n", stderr);
            const char *names[] = {"h264", "hevc", "vp9", "vp8", "libdav1d", "mpeg4", "mpeg2video"};
            for (int name = 0; name < 7; name++) printf(" V..... %s x\n", names[name]);
            return 0;
        }
        if (!strcmp(arguments[nth], "-fd") && nth + 1 < count) given = atoi(arguments[nth + 1]);
    }
    vice();
    fprintf(stderr, "[error] REFUSED ALL\n");
    return 1;
}
