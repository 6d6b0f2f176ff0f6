/*
 * A long wire between two network namespaces: a TUN device in each, and every
 * packet that enters one leaves the other MS milliseconds later. It does what
 * `tc netem delay` does where the kernel has no netem; packets are delayed, so
 * handshakes, windows and slow start behave as on a real path.
 *   wire NAMESPACE-A NAMESPACE-B MS      devices are named wire0; runs until killed
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define SLOTS 8192
#define MTU_MAX 1600

struct packet {
	double due; /* ms */
	size_t len;
	char bytes[MTU_MAX];
};

/* Packets under way in one direction, oldest first: the delay is the same for all. */
struct lane {
	int from, to;
	size_t first, count;
	struct packet packets[SLOTS];
};

static int open_tun(const char *name_space)
{
	char path[256];
	snprintf(path, sizeof path, "/run/netns/%s", name_space);
	int space = open(path, O_RDONLY | O_CLOEXEC);
	if (space < 0 || setns(space, CLONE_NEWNET) < 0)
		bench_die(path);
	close(space);
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
	snprintf(request.ifr_name, sizeof request.ifr_name, "wire0");
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request) < 0)
		bench_die("/dev/net/tun");
	return fd;
}

/* Reads what has come; a full lane leaves it in the device, whose queue drops then. */
static void take(struct lane *lane, double delay)
{
	while (lane->count < SLOTS) {
		struct packet *p = &lane->packets[(lane->first + lane->count) % SLOTS];
		ssize_t n = read(lane->from, p->bytes, sizeof p->bytes);
		if (n <= 0)
			return;
		p->len = (size_t)n;
		p->due = bench_now_ms() + delay;
		lane->count++;
	}
}

/* Delivers what is due; returns the ms until the next one is, or -1. */
static double deliver(struct lane *lane)
{
	while (lane->count > 0) {
		struct packet *p = &lane->packets[lane->first];
		double left = p->due - bench_now_ms();
		if (left > 0)
			return left;
		if (write(lane->to, p->bytes, p->len) < 0 && errno != EIO)
			bench_die("wire0");
		lane->first = (lane->first + 1) % SLOTS;
		lane->count--;
	}
	return -1;
}

static void carry(struct lane *there, struct lane *back, double delay)
{
	for (;;) {
		double a = deliver(there);
		double b = deliver(back);
		double left = a < 0 || (b >= 0 && b < a) ? b : a;
		struct timespec wait = {.tv_sec = (time_t)(left / 1e3)};
		wait.tv_nsec = (long)((left - (double)wait.tv_sec * 1e3) * 1e6);
		struct pollfd fds[] = {{there->from, POLLIN, 0}, {back->from, POLLIN, 0}};
		if (ppoll(fds, 2, left < 0 ? NULL : &wait, NULL) < 0 && errno != EINTR)
			bench_die("poll");
		take(there, delay);
		take(back, delay);
	}
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 64;
	struct lane *lanes = calloc(2, sizeof *lanes);
	if (!lanes)
		bench_die("memory");
	int a = open_tun(argv[1]);
	int b = open_tun(argv[2]);
	lanes[0].from = lanes[1].to = a;
	lanes[0].to = lanes[1].from = b;
	carry(&lanes[0], &lanes[1], strtod(argv[3], NULL));
	return 0;
}
