import { connect, type Socket } from 'node:net';

/** One HTTP answer: its status code and its whole body. */
export type Answer = { status: number; body: Buffer };

/** The server closed a connection before it had answered. */
export class ConnectionClosedError extends Error {
  constructor() {
    super('the server closed the connection');
    this.name = 'ConnectionClosedError';
  }
}

const headEnd = Buffer.from('\r\n\r\n');
const lineEnd = Buffer.from('\r\n');

/**
 * One keep-alive HTTP/1.1 connection with one request in flight at a time. It parses only what is necessary: the load
 * generator shares the machine with the server that it measures, and a general client costs as much as a fast server.
 */
export class HttpConnection {
  readonly #host: string;
  readonly #port: number;
  #socket: Socket | undefined;
  #received: Buffer = Buffer.alloc(0);
  #pending: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  constructor(port: number, host = '127.0.0.1') {
    this.#host = host;
    this.#port = port;
  }

  /**
   * Sends one request and returns its answer; rejects if the server cannot be reached or closes the connection before it has
   * answered.
   * @param key the request's `Idempotency-Key`, if it has one.
   */
  request(method: 'GET' | 'POST' | 'DELETE', path: string, body = '', key?: string): Promise<Answer> {
    const socket = this.#socket ?? this.#open();
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      socket.write(
        `${method} ${path} HTTP/1.1\r\nHost: ${this.#host}:${this.#port}\r\nX-PREFECT-API-VERSION: 0.8.4\r\n` +
          (key === undefined ? '' : `Idempotency-Key: ${key}\r\n`) +
          `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    });
  }

  /** Closes the connection; a request in flight is rejected. */
  close(): void {
    this.#socket?.destroy();
  }

  #open(): Socket {
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true });
    this.#socket = socket;
    this.#received = Buffer.alloc(0);
    let failure: Error = new ConnectionClosedError();
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => {
      failure = error;
    });
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
      this.#settle()?.reject(failure);
    });
    return socket;
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const answer = readAnswer(this.#received);
    if (answer === undefined) return;
    this.#received = Buffer.alloc(0);
    if (answer.last) {
      this.#socket?.end();
      this.#socket = undefined;
    }
    this.#settle()?.resolve(answer);
  }

  #settle() {
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }
}

function readAnswer(received: Buffer): (Answer & { last: boolean }) | undefined {
  const end = received.indexOf(headEnd);
  if (end < 0) return undefined;
  const head = received.toString('latin1', 0, end);
  const content = received.subarray(end + headEnd.length);
  const body = /\r\ntransfer-encoding: *chunked/i.test(head) ? readChunks(content) : readSized(head, content);
  if (body === undefined) return undefined;
  return { status: Number(head.slice(9, 12)), body, last: /\r\nconnection: *close/i.test(head) };
}

function readSized(head: string, content: Buffer): Buffer | undefined {
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  return content.length < length ? undefined : content.subarray(0, length);
}

function readChunks(content: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = content.indexOf(lineEnd, at);
    if (end < 0) return undefined;
    const size = Number.parseInt(content.toString('latin1', at, end), 16);
    const start = end + lineEnd.length;
    if (content.length < start + size + lineEnd.length) return undefined;
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(content.subarray(start, start + size));
    at = start + size + lineEnd.length;
  }
}
