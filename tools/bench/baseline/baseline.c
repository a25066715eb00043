// What SQLite itself costs: appends to the tables, indexes and triggers of a ledger, with its pragmas, in C.
//
//     baseline append FILE EVENTS BATCH MIGRATION.sql...   makes the file; prints events per second
//     baseline scan FILE                                   reads every event with its payload; prints events per second
//
// It writes what a ledger writes for each event (event, payload, head, a tile for each 256th, and once in a transaction
// the rollout of each subject in it) with values of the same lengths. It computes no hashes, decodes no payload, folds no
// projection and looks nothing up.
// One transaction for each batch, checkpoints as the ledger does them, after CHECKPOINT_PAGES pages of log.
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STREAMS 100
#define PAYLOAD_BYTES 256
#define CHECKPOINT_PAGES 1024

static sqlite3 *db;

static void check(int code) {
    if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
    fprintf(stderr, "baseline: %s\n", sqlite3_errmsg(db));
    exit(1);
}

static void run(const char *sql) { check(sqlite3_exec(db, sql, NULL, NULL, NULL)); }

static sqlite3_stmt *prepare(const char *sql) {
    sqlite3_stmt *statement;
    check(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL));
    return statement;
}

static void step(sqlite3_stmt *statement) {
    check(sqlite3_step(statement));
    check(sqlite3_reset(statement));
}

static void run_file(const char *path) {
    static char sql[1 << 20];
    FILE *file = fopen(path, "r");
    if (!file) { perror(path); exit(1); }
    sql[fread(sql, 1, sizeof sql - 1, file)] = 0;
    fclose(file);
    run(sql);
}

static uint64_t state = 88172645463325252ULL;
static uint64_t next(void) {
    state ^= state << 13; state ^= state >> 7; state ^= state << 17;
    return state;
}
static void fill(unsigned char *bytes, int count) {
    for (int i = 0; i < count; i += 8) { uint64_t word = next(); memcpy(bytes + i, &word, 8); }
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void open_file(const char *path) {
    check(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL));
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA mmap_size = 0;"
        "PRAGMA wal_autocheckpoint = 0; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON;"
        "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;");
}

static int wal_pages;
static int count_pages(void *unused, sqlite3 *database, const char *name, int pages) {
    (void)unused, (void)database, (void)name;
    wal_pages = pages;
    return SQLITE_OK;
}

static void append(int events, int batch) {
    unsigned char id[16], hash[32], content[PAYLOAD_BYTES], frontier[8 + 20 * 32], tile[256 * 32];
    static int versions[STREAMS + 1];
    fill(tile, sizeof tile);
    fill(content, sizeof content);
    run("INSERT INTO ledger VALUES (1, randomblob(16)); INSERT INTO head VALUES (1, 0, x'0000000000000000')");
    run("INSERT INTO event_type VALUES (1, 'deployment.scaled')");
    sqlite3_stmt *stream = prepare("INSERT INTO stream VALUES (?, 'bench', 'shop', 'deployment', 'web-' || ?)");
    for (int i = 1; i <= STREAMS; i++) {
        sqlite3_bind_int(stream, 1, i);
        sqlite3_bind_int(stream, 2, i);
        step(stream);
    }
    sqlite3_stmt *event = prepare(
        "INSERT INTO event (position, id, stream, version, type, schema_version, occurred_at, recorded_at, rollout,"
        " cause, actor, actor_evidence, origin, inferred, commitment, leaf)"
        " VALUES (?, ?, ?, ?, 1, 1, ?, ?, NULL, NULL, 'kubectl', 'fieldManager', 'import', 0, ?, ?)");
    sqlite3_stmt *payload = prepare("INSERT INTO payload (position, salt, content) VALUES (?, ?, ?)");
    sqlite3_stmt *head = prepare("UPDATE head SET size = ?, frontier = ?");
    sqlite3_stmt *tiles = prepare("INSERT INTO tile (level, number, root, hashes) VALUES (?, ?, ?, ?)");
    sqlite3_stmt *rollout = prepare(
        "INSERT INTO rollout VALUES (?1, (?2 - 1) / 200 + 1, 'rollout', 'RollingUpdate', 'running', '[\"nginx:1.1000\"]',"
        " '[\"nginx:1.1200\"]', NULL, NULL, 1, 1, NULL, 1700000000000000, NULL, NULL, 'kubectl', 'fieldManager', ?3,"
        " NULL, ?2 % 9, '[]', 0, 0, ?4, ?4, NULL)"
        " ON CONFLICT (stream, number) DO UPDATE SET desired = excluded.desired, pods = excluded.pods,"
        " lowest_ready = excluded.lowest_ready, most_pods = excluded.most_pods");
    char touched[STREAMS + 1];
    sqlite3_wal_hook(db, count_pages, NULL);

    double begin = now();
    for (int position = 1; position <= events;) {
        run("BEGIN IMMEDIATE");
        int end = position + batch;
        memset(touched, 0, sizeof touched);
        for (; position < end && position <= events; position++) {
            int number = position % STREAMS + 1;
            touched[number] = 1;
            fill(id, sizeof id);
            fill(hash, sizeof hash);
            sqlite3_bind_int(event, 1, position);
            sqlite3_bind_blob(event, 2, id, sizeof id, SQLITE_STATIC);
            sqlite3_bind_int(event, 3, number);
            sqlite3_bind_int(event, 4, ++versions[number]);
            sqlite3_bind_int64(event, 5, 1700000000000000 + position * 1000LL);
            sqlite3_bind_int64(event, 6, 1700000000000000 + position * 1000LL);
            sqlite3_bind_blob(event, 7, hash, sizeof hash, SQLITE_STATIC);
            sqlite3_bind_blob(event, 8, hash, sizeof hash, SQLITE_STATIC);
            step(event);
            sqlite3_bind_int(payload, 1, position);
            sqlite3_bind_blob(payload, 2, hash, sizeof hash, SQLITE_STATIC);
            sqlite3_bind_blob(payload, 3, content, sizeof content, SQLITE_STATIC);
            step(payload);
            for (int level = 0, size = position; size % 256 == 0; level++, size /= 256) {
                sqlite3_bind_int(tiles, 1, level);
                sqlite3_bind_int(tiles, 2, size / 256 - 1);
                sqlite3_bind_blob(tiles, 3, hash, sizeof hash, SQLITE_STATIC);
                sqlite3_bind_blob(tiles, 4, tile, sizeof tile, SQLITE_STATIC);
                step(tiles);
            }
        }
        for (int number = 1; number <= STREAMS; number++) {
            if (!touched[number]) continue;
            sqlite3_bind_int(rollout, 1, number);
            sqlite3_bind_int(rollout, 2, versions[number]);
            sqlite3_bind_blob(rollout, 3, id, sizeof id, SQLITE_STATIC);
            sqlite3_bind_int(rollout, 4, position - 1);
            step(rollout);
        }
        sqlite3_bind_int(head, 1, position - 1);
        sqlite3_bind_blob(head, 2, frontier, 8 + 32 * __builtin_popcount(position - 1), SQLITE_STATIC);
        step(head);
        run("COMMIT");
        if (wal_pages >= CHECKPOINT_PAGES) {
            check(sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL));
            wal_pages = 0;
        }
    }
    printf("%.0f\n", events / (now() - begin));
}

static void scan(void) {
    double begin = now();
    int rows = 0;
    uint64_t sum = 0;
    sqlite3_stmt *all = prepare("SELECT * FROM event JOIN payload USING (position) ORDER BY position");
    int code;
    while ((code = sqlite3_step(all)) == SQLITE_ROW) {
        rows++;
        for (int column = 0; column < sqlite3_column_count(all); column++) {
            switch (sqlite3_column_type(all, column)) {
            case SQLITE_INTEGER: sum += sqlite3_column_int64(all, column); break;
            case SQLITE_NULL: break;
            default: sum += ((const unsigned char *)sqlite3_column_blob(all, column))[0];
            }
        }
    }
    check(code);
    fprintf(stderr, "sum %llu\n", (unsigned long long)sum);
    printf("%.0f\n", rows / (now() - begin));
}

int main(int argc, char **argv) {
    if (argc >= 6 && !strcmp(argv[1], "append")) {
        open_file(argv[2]);
        for (int i = 5; i < argc; i++) run_file(argv[i]);
        append(atoi(argv[3]), atoi(argv[4]));
    } else if (argc == 3 && !strcmp(argv[1], "scan")) {
        open_file(argv[2]);
        scan();
    } else {
        fprintf(stderr, "usage: baseline append FILE EVENTS BATCH MIGRATION.sql... | baseline scan FILE\n");
        return 2;
    }
    for (sqlite3_stmt *statement; (statement = sqlite3_next_stmt(db, NULL));) sqlite3_finalize(statement);
    check(sqlite3_close(db));
}
