//! A handler, a transport, an executor: `socketserver` as types.
