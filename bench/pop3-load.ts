import { connect } from "node:net";
import { shapeOfUser } from "./pop3-shape.ts";

// A pool of POP3 clients: PORT USER CLIENTS SESSIONS. Each session logs in, lists, fetches and deletes every message, and quits; one command at
// a time, as most mail programs do. Prints the seconds that all of them took.

const [port = "", user = "", clients = "", sessions = ""] = process.argv.slice(2);
const { bytes, messages } = shapeOfUser(user);
const each = Array.from({ length: messages }, (_, index) => [`RETR ${index + 1}\r\n`, `DELE ${index + 1}\r\n`]);
const commands = [`USER ${user}\r\n`, "PASS secret\r\n", "STAT\r\n", "UIDL\r\n", ...each.flat(), "QUIT\r\n"];
const isMultiLine = commands.map((command) => /^(?:UIDL|RETR)/.test(command));
const isMessage = commands.map((command) => command.startsWith("RETR"));
const endMark = Buffer.from("\r\n.\r\n");

/** One session. `done` hears the first thing that went wrong. */
function session(done: (problem: Error | null) => void): void {
  const socket = connect({ port: Number(port), host: "127.0.0.1", noDelay: true });
  let turn = -1;
  let received = 0;
  /** The last bytes of the answer so far, for an end that is cut in two. */
  let tail: Buffer = Buffer.alloc(0);
  let problem: Error | null = new Error("the connection ended early");
  socket.on("error", (error) => {
    problem = error;
  });
  socket.on("close", () => done(problem));
  socket.on("data", (chunk: Buffer) => {
    if (received === 0 && chunk[0] !== 0x2b) {
      problem = new Error(`${commands[turn]}: ${chunk.toString("latin1", 0, 100)}`);
      return void socket.destroy();
    }
    received += chunk.length;
    const mark = isMultiLine[turn] === true ? endMark : endMark.subarray(3);
    const last = chunk.length >= mark.length ? chunk : Buffer.concat([tail, chunk]);
    tail = last.subarray(-endMark.length);
    if (!last.subarray(-mark.length).equals(mark)) return;
    if (isMessage[turn] === true && received < bytes) {
      problem = new Error(`a message of ${received} bytes`);
      return void socket.destroy();
    }
    received = 0;
    tail = Buffer.alloc(0);
    turn++;
    const command = commands[turn];
    if (command !== undefined) return void socket.write(command, "latin1");
    problem = null;
    socket.end();
  });
}

let begun = 0;
let finished = 0;
const since = performance.now();

function next(): void {
  if (begun === Number(sessions)) return;
  begun++;
  session((problem) => {
    if (problem !== null) {
      process.stderr.write(`${problem.message}\n`);
      process.exit(1);
    }
    finished++;
    if (finished === Number(sessions)) process.stdout.write(String((performance.now() - since) / 1000));
    else next();
  });
}

for (let client = 0; client < Number(clients); client++) next();
