import { createSocket } from "node:dgram";
import { once } from "node:events";
import { onTestFinished } from "vitest";

/** `MX 10 mx.example.test`, `A 192.0.2.1`, `AAAA ::1`, `CNAME other.test`, `PTR other.test`, `TXT any text`; or `SERVFAIL`. NXDOMAIN: no entry. */
export type Zone = Record<string, readonly string[]>;

const types: Record<string, number> = { A: 1, CNAME: 5, PTR: 12, MX: 15, TXT: 16, AAAA: 28 };
const ttlSeconds = 30;
/** RFC 1035 §3.3: one string of a TXT record. */
const textBytesMax = 255;

/** A DNS server over UDP on loopback that ends with the test (RFC 1035 §4, no compression). `asked`: each question, `MX example.test`. */
export async function dnsServer(zone: Zone): Promise<{ address: string; asked: string[] }> {
  const asked: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    const { name, type, end } = readQuestion(query);
    asked.push(`${Object.keys(types).find((key) => types[key] === type) ?? type} ${name}`);
    socket.send(answerTo(query.subarray(0, end), name, type, zone), port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  onTestFinished(() => void socket.close());
  return { address: `127.0.0.1:${socket.address().port}`, asked };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function answerTo(question: Buffer, name: string, type: number, zone: Zone): Buffer {
  const entries = zone[name];
  const code = entries === undefined ? 3 : entries.includes("SERVFAIL") ? 2 : 0;
  const records = code === 0 ? recordsFor(name, type, zone) : [];
  const message = Buffer.concat([question, ...records]);
  message.writeUInt16BE(0x8180 | code, 2); // a response, recursion done
  message.writeUInt16BE(1, 4);
  message.writeUInt16BE(records.length, 6);
  message.fill(0, 8, 12);
  return message;
}

/** As a resolver answers: the alias, and what it leads to. */
function recordsFor(name: string, type: number, zone: Zone): Buffer[] {
  return (zone[name] ?? []).flatMap((entry): Buffer[] => {
    const [kind = "", ...values] = entry.split(" ");
    if (kind === "CNAME" && type !== types.CNAME) {
      const [target = ""] = values;
      return [record(name, 5, nameBytes(target)), ...recordsFor(target, type, zone)];
    }
    return types[kind] === type ? [record(name, type, dataOf(kind, values))] : [];
  });
}

function dataOf(kind: string, values: string[]): Buffer {
  const [first = "", second = ""] = values;
  if (kind === "TXT") return textBytes(Buffer.from(values.join(" "), "latin1"));
  if (kind === "CNAME" || kind === "PTR") return nameBytes(first);
  if (kind === "MX") return Buffer.concat([uint16(Number(first)), nameBytes(second)]);
  if (kind === "A") return Buffer.from(first.split(".").map(Number));
  const [head = "", tail = ""] = first.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16)));
  const zeros = Array.from({ length: 8 - groups(head).length - groups(tail).length }, () => 0);
  return Buffer.concat([...groups(head), ...zeros, ...groups(tail)].map(uint16));
}

function record(name: string, type: number, data: Buffer): Buffer {
  const ttl = Buffer.alloc(4);
  ttl.writeUInt32BE(ttlSeconds);
  return Buffer.concat([nameBytes(name), uint16(type), uint16(1), ttl, uint16(data.length), data]);
}

function nameBytes(name: string): Buffer {
  const labels = name.split(".").filter((label) => label !== "");
  return Buffer.concat([
    ...labels.map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, "latin1")),
    Buffer.of(0),
  ]);
}

function textBytes(text: Buffer): Buffer {
  const strings: Buffer[] = [];
  for (let at = 0; at < text.length || at === 0; at += textBytesMax) {
    const string = text.subarray(at, at + textBytesMax);
    strings.push(Buffer.of(string.length), string);
  }
  return Buffer.concat(strings);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
