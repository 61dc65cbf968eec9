import { dirname } from "node:path";
import type { SpoolDisk } from "#worker/spool/disk.ts";

const sectorBytes = 512;
const blockBytes = 4096;

type Write = { at: number; data: Buffer };
type SimulatedFile = { cache: Buffer; disk: Buffer; unflushed: Write[] };
/** Names that change together: of a rename, both. */
type NameChange = { path: string; file: SimulatedFile | null }[];
type Call = "open" | "read" | "write" | "flush" | "rename" | "remove" | "flushFolder";

/**
 * A file system in memory whose power can be cut: what was not flushed is lost then, wholly or by sectors, and names that were not flushed with
 * their folder. A flush that fails loses what it should have flushed, and says nothing of it the next time, as Linux does.
 */
export class SimulatedDisk implements SpoolDisk {
  /** An error for a call, or null. A failing write leaves part of its bytes. */
  fault: (call: Call, path: string) => Error | null = () => null;
  bytesMax = Number.POSITIVE_INFINITY;
  readonly #random: () => number;
  readonly #folders = new Set<string>();
  #names = new Map<string, SimulatedFile>();
  #durableNames = new Map<string, SimulatedFile>();
  #nameChanges: NameChange[] = [];
  #open = new Map<number, { path: string; file: SimulatedFile }>();
  #nextFile = 3;
  #era = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** The disk as one process sees it: when that is over, none of its calls does anything or ends. */
  mount(): SpoolDisk {
    const era = this.#era;
    const alive = <T>(call: () => Promise<T>): Promise<T> =>
      era === this.#era ? call() : new Promise<T>(() => undefined);
    return {
      makeFolder: (path) => alive(() => this.makeFolder(path)),
      list: (folder) => alive(() => this.list(folder)),
      open: (path, flags) => alive(() => this.open(path, flags)),
      close: (file) => alive(() => this.close(file)),
      size: (file) => alive(() => this.size(file)),
      read: (file, into, position) => alive(() => this.read(file, into, position)),
      write: (file, chunks, position) => alive(() => this.write(file, chunks, position)),
      writeNow: (file, bytes, position) => {
        if (era === this.#era) this.writeNow(file, bytes, position);
      },
      flush: (file) => alive(() => this.flush(file)),
      rename: (from, to) => alive(() => this.rename(from, to)),
      remove: (path) => alive(() => this.remove(path)),
      flushFolder: (path) => alive(() => this.flushFolder(path)),
      room: () => this.room(),
    };
  }

  /** Cuts the power, and gives it back: calls that were under way never end. */
  cutPower(): void {
    this.#era++;
    // Of each folder some changes are on disk already, the first of them.
    const lost = new Set<string>();
    for (const change of this.#nameChanges) {
      const folders = change.map(({ path }) => dirname(path));
      if (folders.some((folder) => lost.has(folder)) || this.#random() < 0.3) for (const one of folders) lost.add(one);
      else this.#makeDurable(change);
    }
    this.#nameChanges = [];
    this.#open = new Map();
    this.#names = new Map(this.#durableNames);
    for (const file of new Set(this.#names.values())) this.#lose(file);
  }

  /** Everything that is written stays, as when only the process dies. */
  killProcess(): void {
    this.#era++;
    this.#open = new Map();
  }

  paths(): string[] {
    return [...this.#names.keys()].sort();
  }

  /** A file's bytes, to be changed behind the back of everybody. */
  bytesOf(path: string): Buffer {
    const file = this.#names.get(path);
    if (file === undefined) throw new Error(`there is no ${path}`);
    file.disk = file.cache;
    return file.cache;
  }

  put(path: string, bytes: Uint8Array): void {
    const file = { cache: Buffer.from(bytes), disk: Buffer.from(bytes), unflushed: [] };
    this.#names.set(path, file);
    this.#durableNames.set(path, file);
    this.#folders.add(dirname(path));
  }

  async makeFolder(path: string): Promise<void> {
    await this.#turn();
    for (let folder = path; !this.#folders.has(folder); folder = dirname(folder)) this.#folders.add(folder);
  }

  async list(folder: string): Promise<string[]> {
    await this.#turn();
    if (!this.#folders.has(folder)) throw errorOf("ENOENT", folder);
    return [...this.#names.keys()]
      .filter((path) => dirname(path) === folder)
      .map((path) => path.slice(folder.length + 1));
  }

  async open(path: string, flags: "r" | "r+" | "wx"): Promise<number> {
    await this.#turn("open", path);
    const known = this.#names.get(path);
    if (flags === "wx" && known !== undefined) throw errorOf("EEXIST", path);
    if (flags !== "wx" && known === undefined) throw errorOf("ENOENT", path);
    const file = known ?? { cache: Buffer.alloc(0), disk: Buffer.alloc(0), unflushed: [] };
    if (known === undefined) this.#changeNames([{ path, file }]);
    this.#open.set(this.#nextFile, { path, file });
    return this.#nextFile++;
  }

  async close(file: number): Promise<void> {
    await this.#turn();
    this.#open.delete(file);
  }

  async size(file: number): Promise<number> {
    await this.#turn();
    return this.#at(file).file.cache.length;
  }

  async read(file: number, into: Uint8Array, position: number): Promise<number> {
    const { path, file: content } = this.#at(file);
    await this.#turn("read", path);
    const part = content.cache.subarray(position, position + into.length);
    into.set(part);
    return part.length;
  }

  async write(file: number, chunks: readonly Uint8Array[], position: number): Promise<void> {
    const { path, file: content } = this.#at(file);
    await this.#turn();
    const data = Buffer.concat(chunks);
    const fault = this.fault("write", path) ?? this.#shortage(content, position + data.length);
    const part = position + Math.floor(this.#random() * data.length);
    // Part of a write ends with a sector.
    const kept = fault === null ? data.length : part - (part % sectorBytes) - position;
    if (kept > 0 && (fault === null || fault.message !== "ENOSPC"))
      this.#write(content, position, data.subarray(0, kept));
    if (fault !== null) throw fault;
  }

  writeNow(file: number, bytes: Uint8Array, position: number): void {
    const { path, file: content } = this.#at(file);
    const fault = this.fault("write", path);
    if (fault !== null) throw fault;
    this.#write(content, position, Buffer.from(bytes));
  }

  async flush(file: number): Promise<void> {
    const { path, file: content } = this.#at(file);
    await this.#turn();
    const fault = this.fault("flush", path);
    if (fault === null) for (const write of content.unflushed) content.disk = applied(content.disk, write);
    content.unflushed = [];
    if (fault !== null) throw fault;
    await this.#turn();
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#turn("rename", from);
    const file = this.#names.get(from);
    if (file === undefined) throw errorOf("ENOENT", from);
    this.#changeNames([
      { path: to, file },
      { path: from, file: null },
    ]);
  }

  async remove(path: string): Promise<void> {
    await this.#turn("remove", path);
    if (this.#names.has(path)) this.#changeNames([{ path, file: null }]);
  }

  async flushFolder(path: string): Promise<void> {
    const changes = this.#nameChanges.filter((change) => change.some((one) => dirname(one.path) === path));
    await this.#turn("flushFolder", path);
    for (const change of changes) this.#makeDurable(change);
    this.#nameChanges = this.#nameChanges.filter((change) => !changes.includes(change));
  }

  room(): { bavail: number; bsize: number; ffree: number; files: number } {
    const free = Math.max(this.bytesMax - this.#used(), 0);
    return { bavail: Math.floor(Math.min(free, 2 ** 50) / blockBytes), bsize: blockBytes, ffree: 1e6, files: 1e6 };
  }

  /** Takes a while, as disks do; after the power was cut it never ends. */
  async #turn(call?: Call, path = ""): Promise<void> {
    const era = this.#era;
    await new Promise((resolve) => setImmediate(resolve));
    if (era !== this.#era) await new Promise(() => undefined);
    const fault = call === undefined ? null : this.fault(call, path);
    if (fault !== null) throw fault;
  }

  #at(file: number): { path: string; file: SimulatedFile } {
    const open = this.#open.get(file);
    if (open === undefined) throw errorOf("EBADF", String(file));
    return open;
  }

  #write(file: SimulatedFile, at: number, data: Buffer): void {
    const write = { at, data: Buffer.from(data) };
    file.cache = applied(file.cache, write);
    file.unflushed.push(write);
  }

  #shortage(file: SimulatedFile, length: number): Error | null {
    const grows = Math.max(length - file.cache.length, 0);
    return grows > 0 && this.#used() + grows > this.bytesMax ? errorOf("ENOSPC", "") : null;
  }

  #used(): number {
    let used = 0;
    for (const { cache } of new Set(this.#names.values())) used += cache.length;
    return used;
  }

  #changeNames(change: NameChange): void {
    rename(this.#names, change);
    this.#nameChanges.push(change);
  }

  #makeDurable(change: NameChange): void {
    rename(this.#durableNames, change);
  }

  #lose(file: SimulatedFile): void {
    for (const { at, data } of file.unflushed) {
      const fate = this.#random();
      if (fate < 0.3) continue;
      for (let from = at; from < at + data.length; ) {
        const to = Math.min(from - (from % sectorBytes) + sectorBytes, at + data.length);
        if (fate > 0.6 || this.#random() < 0.5) {
          file.disk = applied(file.disk, { at: from, data: data.subarray(from - at, to - at) });
        }
        from = to;
      }
    }
    file.unflushed = [];
    file.cache = file.disk;
  }
}

function rename(names: Map<string, SimulatedFile>, change: NameChange): void {
  for (const { path, file } of change) {
    if (file === null) names.delete(path);
    else names.set(path, file);
  }
}

export function errorOf(code: string, path: string): Error {
  return Object.assign(new Error(code), { code, path });
}

function applied(bytes: Buffer, { at, data }: Write): Buffer {
  const grown = Buffer.alloc(Math.max(bytes.length, at + data.length));
  bytes.copy(grown);
  data.copy(grown, at);
  return grown;
}
