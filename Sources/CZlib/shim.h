#include <zlib.h>

/// Makes a stream ready to inflate what gzip has compressed.
///
/// `inflateInit2` is a macro, which Swift cannot call.
///
/// - SeeAlso: <https://zlib.net/manual.html#Advanced>
static inline int zlib_inflate_init_gzip(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
