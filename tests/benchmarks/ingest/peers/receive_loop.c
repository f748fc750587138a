/* The least that can be called receiving by C-STORE: a child an association, PDVs from the socket into a file,
 * Success, and nothing else. It accepts presentation context 1 in explicit VR little endian without reading what
 * was proposed, reads no data set, flushes nothing. For the loopback of a benchmark only.
 *
 * receive_loop PORT FOLDER
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ASSOCIATE_RQ = 1, ASSOCIATE_AC = 2, P_DATA = 4, RELEASE_RQ = 5, RELEASE_RP = 6 };
enum { LONGEST_PDU = 1 << 17, COMMAND = 1, LAST = 2, AE_TITLES = 32 };

static uint8_t pdu[LONGEST_PDU];

static void gone(void) { _exit(0); }

static void read_exactly(int peer, uint8_t *into, size_t length) {
    while (length > 0) {
        ssize_t got = recv(peer, into, length, 0);
        if (got <= 0) gone();
        into += got;
        length -= (size_t)got;
    }
}

static void write_exactly(int file, const uint8_t *from, size_t length) {
    while (length > 0) {
        ssize_t put = write(file, from, length);
        if (put <= 0) gone();
        from += put;
        length -= (size_t)put;
    }
}

static uint32_t big_endian(const uint8_t *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void put_big_endian(uint8_t *at, uint32_t value) {
    at[0] = (uint8_t)(value >> 24), at[1] = (uint8_t)(value >> 16), at[2] = (uint8_t)(value >> 8), at[3] = (uint8_t)value;
}

static size_t put_item(uint8_t *at, uint8_t kind, const void *value, size_t length) {
    at[0] = kind, at[1] = 0, at[2] = (uint8_t)(length >> 8), at[3] = (uint8_t)length;
    memcpy(at + 4, value, length);
    return length + 4;
}

/* PS3.8 section 9.3.3; the AE titles are the requestor's, sent back. */
static void accept_association(int peer, const uint8_t *request) {
    uint8_t answer[512] = {0}, context[64] = {1, 0, 0, 0}, user[128], length[4];
    const char *application = "1.2.840.10008.3.1.1.1", *syntax = "1.2.840.10008.1.2.1", *class = "2.25.1";
    size_t end = 74, inner;
    answer[0] = ASSOCIATE_AC, answer[7] = 1;
    memcpy(answer + 10, request + 4, AE_TITLES);
    end += put_item(answer + end, 0x10, application, strlen(application));
    inner = 4 + put_item(context + 4, 0x40, syntax, strlen(syntax));
    end += put_item(answer + end, 0x21, context, inner);
    put_big_endian(length, LONGEST_PDU);
    inner = put_item(user, 0x51, length, sizeof length);
    inner += put_item(user + inner, 0x52, class, strlen(class));
    end += put_item(answer + end, 0x50, user, inner);
    put_big_endian(answer + 2, (uint32_t)(end - 6));
    write_exactly(peer, answer, end);
}

static uint16_t message_id_of(const uint8_t *command, size_t length) {
    for (size_t at = 0; at + 10 <= length;) {
        uint32_t size = (uint32_t)command[at + 4] | (uint32_t)command[at + 5] << 8 | (uint32_t)command[at + 6] << 16;
        if (command[at + 2] == 0x10 && command[at + 3] == 0x01) return (uint16_t)(command[at + 8] | command[at + 9] << 8);
        at += 8 + size;
    }
    return 0;
}

/* A C-STORE-RSP without its optional UIDs (PS3.7 table 9.3-2). */
static void answer_success(int peer, uint16_t message_id) {
    uint8_t answer[] = {
        P_DATA, 0, 0, 0, 0, 58, 0, 0, 0, 54, 1, COMMAND | LAST,
        0, 0, 0x00, 0x00, 4, 0, 0, 0, 40, 0, 0, 0,
        0, 0, 0x00, 0x01, 2, 0, 0, 0, 0x01, 0x80,
        0, 0, 0x20, 0x01, 2, 0, 0, 0, (uint8_t)message_id, (uint8_t)(message_id >> 8),
        0, 0, 0x00, 0x08, 2, 0, 0, 0, 0x01, 0x01,
        0, 0, 0x00, 0x09, 2, 0, 0, 0, 0x00, 0x00,
    };
    write_exactly(peer, answer, sizeof answer);
}

static int new_file(const char *folder) {
    static unsigned number = 0;
    char name[4096];
    snprintf(name, sizeof name, "%s/%d-%u", folder, (int)getpid(), number++);
    int file = open(name, O_WRONLY | O_CREAT | O_EXCL, 0644);
    if (file < 0) perror(name), _exit(1);
    return file;
}

static void take_p_data(int peer, size_t length, const char *folder) {
    static int file = -1;
    static uint16_t message_id = 0;
    for (size_t at = 0; at + 6 <= length;) {
        size_t size = big_endian(pdu + at);
        uint8_t control = pdu[at + 5];
        if (size < 2 || at + 4 + size > length) gone();
        if (control & COMMAND) {
            message_id = message_id_of(pdu + at + 6, size - 2);
        } else {
            if (file < 0) file = new_file(folder);
            write_exactly(file, pdu + at + 6, size - 2);
            if (control & LAST) {
                close(file);
                file = -1;
                answer_success(peer, message_id);
            }
        }
        at += 4 + size;
    }
}

static void serve(int peer, const char *folder) {
    static const uint8_t released[10] = {RELEASE_RP, 0, 0, 0, 0, 4};
    uint8_t header[6];
    for (;;) {
        read_exactly(peer, header, sizeof header);
        size_t length = big_endian(header + 2);
        if (length > sizeof pdu) gone();
        read_exactly(peer, pdu, length);
        switch (header[0]) {
        case ASSOCIATE_RQ: accept_association(peer, pdu); break;
        case P_DATA: take_p_data(peer, length, folder); break;
        case RELEASE_RQ: write_exactly(peer, released, sizeof released); break;
        default: gone();
        }
    }
}

/* Children end when their peer has gone; waited for, they leave nothing behind. */
static void end(int number) {
    (void)number;
    while (wait(NULL) > 0) continue;
    _exit(0);
}

int main(int count, char **words) {
    int yes = 1, door = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (count != 3) return 2;
    here.sin_port = htons((uint16_t)atoi(words[1]));
    signal(SIGTERM, end);
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(door, (struct sockaddr *)&here, sizeof here) || listen(door, 128)) return perror("listen"), 1;
    for (;;) {
        int peer = accept(door, NULL, NULL);
        while (waitpid(-1, NULL, WNOHANG) > 0) continue; /* waited for, so that their CPU time is counted */
        if (peer < 0) continue;
        setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        if (fork() == 0) {
            signal(SIGTERM, SIG_DFL);
            close(door);
            serve(peer, words[2]);
        }
        close(peer);
    }
}
