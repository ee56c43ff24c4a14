// Bytes over a socket, for requests that no HTTP library would send.
import net from "node:net";

/// Sends `bytes` (a string is Latin-1; or a list, sent piece by piece) and returns what comes back until the server
/// closes, or `count` responses have come, or nothing has come for `patience` milliseconds:
/// {responses: [{status, headers, text}], closed}.
/// `end` says that nothing more will be sent; `head` that the answers have no bodies, whatever their length says;
/// `linger` how long the server may take to close after its answers.
export function exchange(port, bytes, { count = 1, patience = 5_000, end = false, head = false, linger = 150 } = {}) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, "127.0.0.1");
    let received = Buffer.alloc(0);
    let timer;
    const finish = (closed) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ responses: parseResponses(received, head), closed });
    };
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => finish(false), patience);
    };
    socket.on("connect", async () => {
      wait();
      for (const piece of [bytes].flat()) {
        if (socket.destroyed) return;
        socket.write(Buffer.isBuffer(piece) ? piece : Buffer.from(piece, "latin1"));
        await new Promise((next) => setImmediate(next));
      }
      if (end) socket.end();
    });
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      wait();
      if (parseResponses(received, head).length >= count) {
        // Whether the server closes after its answer is part of the answer: give it the time to.
        clearTimeout(timer);
        timer = setTimeout(() => finish(false), linger);
      }
    });
    // A server that refuses a request may reset the connection while we are still sending it.
    socket.on("error", (error) => (["EPIPE", "ECONNRESET"].includes(error.code) ? finish(true) : reject(error)));
    socket.on("close", () => finish(true));
  });
}

/// The complete responses at the beginning of `bytes`, those with a Content-Length or without a body.
export function parseResponses(bytes, head = false) {
  const responses = [];
  let rest = bytes;
  for (;;) {
    const headEnd = rest.indexOf("\r\n\r\n");
    if (headEnd < 0) return responses;
    const [statusLine, ...lines] = rest.subarray(0, headEnd).toString("latin1").split("\r\n");
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1]);
    const headers = {};
    for (const line of lines) headers[line.slice(0, line.indexOf(":")).toLowerCase()] = line.slice(line.indexOf(":") + 1).trim();
    const length = head ? 0 : Number(headers["content-length"] ?? 0);
    if (rest.length < headEnd + 4 + length) return responses;
    const body = rest.subarray(headEnd + 4, headEnd + 4 + length);
    rest = rest.subarray(headEnd + 4 + length);
    if (status === 100) continue;
    responses.push({ status, headers, text: body.toString("utf8") });
  }
}
