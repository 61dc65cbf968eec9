// Runs on the Node that the machine has (20 or newer) and without dependencies: brings node_modules and the database client up to date,
// then continues with the pinned Node 24.   node scripts/bootstrap.mjs <entry.ts> [arguments]   or   … --bin <program> [arguments]
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stamps = join(root, "node_modules", ".postern");
const bins = join(root, "node_modules", ".bin");
const nodeMajor = 24;
const bootstrapMajor = 20;
const repeatedSignalMs = 400;
const parentCheckMs = 500;
const readsEnvFile = /^(?:scripts\/start\.ts|demo\/[a-z-]+\.ts)$/;

function fail(message) {
  console.error(`postern: ${message}`);
  process.exit(1);
}

function digestOf(...files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

function stampIs(name, value) {
  const file = join(stamps, name);
  return existsSync(file) && readFileSync(file, "utf8") === value;
}

function setStamp(name, value) {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(join(stamps, name), value);
}

/** Whether what npm last put into node_modules is what the lock asks for (packages for other platforms may be missing). */
function installedAsLocked() {
  const hidden = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(hidden)) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const present = JSON.parse(readFileSync(hidden, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, entry]) => path === "" || present[path]?.version === entry.version || (entry.optional && !present[path]),
  );
}

function install() {
  const digest = digestOf("package-lock.json");
  if (stampIs("lock", digest) && existsSync(bins)) return;
  if (!installedAsLocked()) {
    console.error("postern: installing the dependencies (a minute or two) …");
    const npm = process.env.npm_execpath;
    const [program, before] = npm?.endsWith("js") ? [process.execPath, [npm]] : ["npm", []];
    const { status } = spawnSync(
      program,
      [...before, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
      {
        cwd: root,
        stdio: ["ignore", 2, 2],
      },
    );
    if (status !== 0) fail("`npm ci` failed; its messages are above.");
  }
  setStamp("lock", digest);
}

function node24() {
  if (Number(process.versions.node.split(".")[0]) >= nodeMajor) return process.execPath;
  const binary = join(root, "node_modules", `node-${process.platform}-${process.arch}`, "bin", "node");
  if (existsSync(binary)) return binary;
  return fail(
    `Node ${nodeMajor} is needed and there is none in the packages for ${process.platform}-${process.arch}; ` +
      `this is Node ${process.versions.node}. Install Node ${nodeMajor} or newer.`,
  );
}

function generateDatabaseClient(node) {
  const digest = digestOf("package-lock.json", "prisma/schema.prisma", "prisma.config.ts");
  if (stampIs("database-client", digest) && existsSync(join(root, "lib/generated/prisma/client.ts"))) return;
  console.error("postern: generating the database client …");
  const cli = join(root, "node_modules/prisma/build/index.js");
  const { status, stdout, stderr } = spawnSync(node, [cli, "generate"], {
    cwd: root,
    env: { ...process.env, PATH: pathWith(node) },
    encoding: "utf8",
  });
  if (status !== 0) fail(`\`prisma generate\` failed:\n${stdout}${stderr}`);
  setStamp("database-client", digest);
}

function pathWith(node) {
  return [dirname(node), bins, process.env.PATH ?? ""].join(delimiter);
}

/**
 * The program gets a process group of its own and every signal once: a Ctrl-C in a terminal comes from the terminal and, forwarded,
 * from npm, and must not count as two.
 */
function run(command, args, node) {
  const child = spawn(command, args, {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    detached: true,
    env: { ...process.env, PATH: pathWith(node) },
  });
  let lastSignalAt = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (Date.now() - lastSignalAt < repeatedSignalMs) return;
      lastSignalAt = Date.now();
      child.kill(signal);
    });
  }
  // npm was killed: nobody else can tell the program.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event !== undefined) {
    const watching = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(watching);
      child.kill("SIGTERM");
    }, parentCheckMs);
  }
  child.on("error", (error) => fail(`${command}: ${error.message}`));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

if (Number(process.versions.node.split(".")[0]) < bootstrapMajor) {
  fail(`Node ${bootstrapMajor} or newer is needed to start; this is ${process.versions.node}.`);
}
const [entry, ...rest] = process.argv.slice(2);
if (entry === undefined) fail("name a program: node scripts/bootstrap.mjs <entry.ts> [arguments]");
install();
const node = node24();
generateDatabaseClient(node);
if (entry === "--bin") {
  run(join(bins, rest[0] ?? ""), rest.slice(1), node);
} else {
  const watch = pathToFileURL(join(root, "scripts/parent-watch.mjs")).href;
  // What a person has put into .env is for the programs; tests and checks do not depend on it.
  const file = join(root, ".env");
  const environment = readsEnvFile.test(entry) && existsSync(file) ? [`--env-file=${file}`] : [];
  const options =
    entry === "worker/main.ts" ? JSON.parse(readFileSync(join(root, "worker/node-options.json"), "utf8")) : [];
  run(node, [...options, ...environment, "--import", watch, join(root, entry), ...rest], node);
}
