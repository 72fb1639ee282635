/* Passes for an ffmpeg until it is given a video; then it does what VICE says. What it gets away
   with, it says by exit code 0 after writing the name of the deed to stderr. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
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

/* Not only in vain: the kernel was not even asked. */
static void no_call(long result, const char *deed) {
    if (result >= 0 || (errno != EPERM && errno != ENOSYS)) got_away(deed);
}

static void *waits(void *nothing) {
    struct timespec long_time = {.tv_sec = 100};
    for (;;) nanosleep(&long_time, 0);
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
#elif defined(CHANGE_FILES)
    struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    no_call(syscall(452, AT_FDCWD, VICTIM, 04755, 0), "fchmodat2");
    no_call(chmod(VICTIM, 04755), "chmod");
    no_call(syscall(SYS_fchmodat, AT_FDCWD, VICTIM, 04755), "fchmodat");
    no_call(chown(VICTIM, 65534, 65534), "chown");
    no_call(setxattr(VICTIM, "user.x", "x", 1, 0), "setxattr");
    no_call(fsetxattr(0, "user.x", "x", 1, 0), "fsetxattr");
    no_call(utimensat(AT_FDCWD, VICTIM, times, 0), "utimensat");
    no_call(truncate(VICTIM, 0), "truncate");
    no_call(open(VICTIM, O_RDONLY | O_TRUNC), "truncating by open");
    no_call(open(VICTIM, O_WRONLY), "opening to write");
    no_call(open(VICTIM, O_RDWR), "opening to read and write");
    no_call(open("/tmp", O_TMPFILE | O_RDWR, 0600), "a file without a name");
    no_call(unlink(VICTIM), "unlink");
    no_call(rename(VICTIM, VICTIM ".x"), "rename");
#elif defined(READ_FILES)
    reads(VICTIM);
    reads("/proc/self/maps");
    reads(VICTIM "/../victim");
#elif defined(SIGNAL)
    no_call(fcntl(0, F_SETOWN, getppid()), "F_SETOWN");
    no_call(fcntl(0, F_SETSIG, SIGKILL), "F_SETSIG");
    no_call(fcntl(0, F_SETFL, O_ASYNC | O_NONBLOCK), "O_ASYNC");
    int on = 1;
    no_call(ioctl(0, 0x5452 /* FIOASYNC */, &on), "FIOASYNC");
    no_call(syscall(SYS_tgkill, getppid(), getppid(), 0), "tgkill");
    no_call(fcntl(0, F_NOTIFY, 1), "F_NOTIFY");
    no_call(syscall(SYS_pidfd_open, getppid(), 0), "pidfd_open");
#elif defined(OUTLIVE)
    no_call(prctl(PR_SET_PDEATHSIG, 0), "living on when its parent is dead");
    no_call(prctl(PR_SET_DUMPABLE, 1), "PR_SET_DUMPABLE");
    no_call(setsid(), "setsid");
    no_call(syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0), "a brother");
#elif defined(PRIORITY)
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    struct sched_param none = {0};
    no_call(setpriority(PRIO_PROCESS, getppid(), getpriority(PRIO_PROCESS, getppid())), "setpriority");
    no_call(sched_setaffinity(getppid(), sizeof one, &one), "sched_setaffinity");
    no_call(sched_setscheduler(getppid(), SCHED_IDLE, &none), "sched_setscheduler");
    no_call(syscall(SYS_ioprio_set, 1, getppid(), 3 << 13), "ioprio_set");
    /* Where this is let through, the parent is the test itself: it can do without core dumps. */
    struct rlimit none_dumped = {0, 0};
    no_call(prlimit(getppid(), RLIMIT_CORE, &none_dumped, 0), "prlimit");
#elif defined(SHARED_MEMORY)
    for (int id = 0; id < 64; id++) {
        no_call(shmat(id, 0, 0) == (void *)-1 ? -1 : 0, "shmat");
        no_call(shmctl(id, IPC_RMID, 0), "shmctl");
    }
    no_call(shmget(IPC_PRIVATE, 4096, 0600), "shmget");
    no_call(syscall(SYS_memfd_create, "x", 0), "memfd_create");
#elif defined(NEW_CODE)
    no_call(mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            == MAP_FAILED ? -1 : 0, "memory to write and to execute");
    void *page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    no_call(mprotect(page, 4096, PROT_READ | PROT_EXEC), "executing what was written");
#elif defined(THREADS)
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 16384);
    int started = 0;
    for (pthread_t thread; started < 20000; started++)
        if (pthread_create(&thread, &small, waits, 0)) break;
    struct timespec moment = {.tv_sec = 1};
    if (started >= 64) {
        nanosleep(&moment, 0);
        got_away("more threads than 64");
    }
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
    /* What is tried when it is found: a clip that it is fed. */
    for (int fed = 0, nth = 1; nth < count; nth++) {
        fed |= !strcmp(arguments[nth], "pipe:0");
        if (fed && !strcmp(arguments[nth], "framecrc")) {
            puts("0, 0, 0, 1, 384, 0xa402b53e");
            return 0;
        }
    }
    vice();
    fprintf(stderr, "[error] REFUSED ALL\n");
    return 1;
}
