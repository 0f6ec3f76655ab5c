import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/**
 * What a DNS server does when it is asked for a name: give TXT records, point to another name, fail in a way that the
 * protocol knows, say nothing, answer another question than was asked, or send bytes that are no answer.
 */
export type DnsBehaviour =
  | { readonly txt: readonly (string | readonly string[])[] }
  | { readonly cname: string }
  | 'no such name'
  | 'no data'
  | 'SERVFAIL'
  | 'REFUSED'
  | 'silent'
  | 'liar'
  | 'garbage';

/** A DNS server on loopback, over UDP and TCP on one port (RFC 1035). */
export interface DnsServer {
  /** As it is given to a resolver: address and port. */
  readonly address: string;
  /** By name, lower case. Names that are not here do not exist. */
  readonly zone: Map<string, DnsBehaviour>;
  /** The names that were asked for, in their order, each with its transport. */
  readonly asked: { readonly name: string; readonly over: 'udp' | 'tcp' }[];
  close(): Promise<void>;
}

const responseCodes = { 'no such name': 3, 'no data': 0, SERVFAIL: 2, REFUSED: 5 } as const;
const typeTxt = 16;
const typeCname = 5;
/** What fits into a UDP answer without extensions; longer ones are cut, and the client comes again over TCP. */
const longestUdpAnswer = 512;

/** Starts a server without any names on a free port. */
export async function startDnsServer(): Promise<DnsServer> {
  const zone = new Map<string, DnsBehaviour>();
  const asked: { name: string; over: 'udp' | 'tcp' }[] = [];
  const sockets = new Set<Socket>();
  const answer = (query: Buffer, over: 'udp' | 'tcp'): Buffer | undefined => {
    const { name, end } = readName(query);
    asked.push({ name, over });
    return respond(query.subarray(0, end), zone.get(name) ?? 'no such name', over);
  };
  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    serveTcp(socket, (query) => answer(query, 'tcp'));
  });
  const udp = await bindBoth(tcp);
  udp.on('message', (query, from) => {
    const response = answer(query, 'udp');
    if (response !== undefined) udp.send(response, from.port, from.address);
  });
  return {
    address: `127.0.0.1:${udp.address().port}`,
    zone,
    asked,
    close: async () => {
      const closed = once(tcp, 'close');
      tcp.close();
      udp.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A port that is free over TCP may be taken over UDP: the next one is tried then. */
async function bindBoth(tcp: Server): Promise<UdpSocket> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    tcp.listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const udp = createSocket('udp4');
    udp.bind((tcp.address() as AddressInfo).port, '127.0.0.1');
    const bound = await once(udp, 'listening').then(
      () => true,
      () => false,
    );
    if (bound) return udp;
    tcp.close();
    await once(tcp, 'close');
  }
  throw new Error('no port is free over both UDP and TCP');
}

function serveTcp(socket: Socket, answer: (query: Buffer) => Buffer | undefined): void {
  let received = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      const response = answer(received.subarray(2, end));
      received = received.subarray(end);
      if (response !== undefined) socket.write(Buffer.concat([uint16(response.length), response]));
    }
  });
}

/** The name of the first question, and where the question ends. */
function readName(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let offset = 12;
  for (let length = query[offset] ?? 0; length > 0; length = query[offset] ?? 0) {
    labels.push(query.toString('latin1', offset + 1, offset + 1 + length));
    offset += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: offset + 5 };
}

/** `question` is the query up to the end of its question. */
function respond(question: Buffer, behaviour: DnsBehaviour, over: 'udp' | 'tcp'): Buffer | undefined {
  if (behaviour === 'silent') return undefined;
  if (behaviour === 'garbage')
    return Buffer.concat([question.subarray(0, 2), Buffer.from([0x81, 0x80, 0xff, 0xff, 0xff])]);
  if (behaviour === 'liar') {
    const lie = Buffer.from(question);
    lie.writeUInt16BE((lie.readUInt16BE(0) + 1) % 0x10000, 0);
    return message(lie, 0, [record(typeTxt, txtData(['cleanmail-verification=anything']))]);
  }
  if (typeof behaviour === 'string') return message(question, responseCodes[behaviour], []);
  const records =
    'cname' in behaviour
      ? [record(typeCname, encodeName(behaviour.cname))]
      : behaviour.txt.map((text) => record(typeTxt, txtData(typeof text === 'string' ? chunks(text) : text)));
  const whole = message(question, 0, records);
  return over === 'udp' && whole.length > longestUdpAnswer ? message(question, 0, [], true) : whole;
}

function message(question: Buffer, code: number, records: readonly Buffer[], isCut = false): Buffer {
  const header = Buffer.alloc(12);
  question.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | code | (isCut ? 0x0200 : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question.subarray(12), ...records]);
}

/** A record of the name that was asked for. */
function record(type: number, data: Buffer): Buffer {
  return Buffer.concat([uint16(0xc00c), uint16(type), uint16(1), Buffer.from([0, 0, 0, 0]), uint16(data.length), data]);
}

function txtData(strings: readonly string[]): Buffer {
  return Buffer.concat(
    strings.map((text) => Buffer.concat([Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)])),
  );
}

/** A text in strings of 255 bytes, as long TXT records are written. */
function chunks(text: string): readonly string[] {
  return Array.from({ length: Math.max(1, Math.ceil(text.length / 255)) }, (_, index) =>
    text.slice(index * 255, (index + 1) * 255),
  );
}

function encodeName(name: string): Buffer {
  return Buffer.concat([
    ...name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
