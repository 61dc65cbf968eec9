#!/usr/bin/env node
// Speaks the protocol between Prisma's CLI and its schema engine, and answers with the same engine as WebAssembly.
// The protocol is private to Prisma: the versions in package.json are pinned together. Developer commands only.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import { migrationAdapterFactory, queryOnce, withDatabase } from "./migration-adapter.mjs";

const engineFolder = fileURLToPath(new URL(".", import.meta.resolve("@prisma/schema-engine-wasm")));
const argumentsGiven = process.argv.slice(2);
const NO_DATABASE = "postgresql://postgres@127.0.0.1:1/none";

function options(name) {
  return argumentsGiven.flatMap((value, index) => (argumentsGiven[index - 1] === name ? [value] : []));
}

function datasourceUrl() {
  const given = options("--datasource")[0];
  return given === undefined ? "" : (JSON.parse(given).url ?? "");
}

function writeLog(level, message, errorCode) {
  const fields = errorCode === undefined ? { message } : { message, error_code: errorCode };
  const line = { timestamp: new Date().toISOString(), level, fields, target: "schema_engine::logger" };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

// Where the engine leaves the words of a panic before it traps.
const panic = { message: "" };
globalThis.PRISMA_WASM_PANIC_REGISTRY = {
  set_message: (message) => {
    panic.message = message;
  },
};

async function loadEngine() {
  const glue = await import(pathToFileURL(join(engineFolder, "schema_engine_bg.js")).href);
  const bytes = await readFile(join(engineFolder, "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return glue.SchemaEngine;
}

async function newEngine() {
  const SchemaEngine = await loadEngine();
  const files = options("--datamodels");
  const datamodels = await Promise.all(files.map(async (path) => [path, await readFile(path, "utf8")]));
  const adapter = bindMigrationAwareSqlAdapterFactory(migrationAdapterFactory(datasourceUrl() || NO_DATABASE));
  return SchemaEngine.new({ datamodels: files.length > 0 ? datamodels : undefined }, () => undefined, adapter);
}

const errorCodes = {
  "3D000": "P1003",
  "28P01": "P1000",
  28000: "P1010",
  "42P04": "P1009",
  ECONNREFUSED: "P1001",
  ENOTFOUND: "P1001",
};

async function databaseCommand(command) {
  const url = datasourceUrl();
  const name = decodeURIComponent(new URL(url).pathname.slice(1)).replaceAll('"', '""');
  const maintenance = withDatabase(url, "postgres");
  if (command === "can-connect-to-database") await queryOnce(url, "SELECT 1");
  else if (command === "create-database") await queryOnce(maintenance, `CREATE DATABASE "${name}"`);
  else if (command === "drop-database") await queryOnce(maintenance, `DROP DATABASE "${name}"`);
  else throw new Error(`unknown command ${command}`);
}

async function answer(engine, request) {
  const method = request.method === "getDatabaseVersion" ? "version" : request.method;
  const run = engine[method];
  if (typeof run !== "function") return { error: { code: -32601, message: `unknown method ${request.method}` } };
  try {
    const result = await run.call(engine, request.params ?? {});
    if (method === "diff" && typeof result?.stdout === "string") {
      process.stdout.write(
        `${JSON.stringify({ id: request.id, jsonrpc: "2.0", method: "print", params: { content: result.stdout } })}\n`,
      );
    }
    return { result: result ?? null };
  } catch (error) {
    const message = panic.message || (error?.message ?? String(error));
    return { error: { code: 4466, message, data: { is_panic: false, message, error_code: error?.code } } };
  }
}

async function serve() {
  const engine = newEngine();
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    const request = JSON.parse(line);
    if (request.method === undefined) continue;
    let reply;
    try {
      reply = await answer(await engine, request);
    } catch (error) {
      const message = error?.message ?? String(error);
      reply = { error: { code: 4466, message, data: { is_panic: false, message } } };
    }
    process.stdout.write(`${JSON.stringify({ id: request.id, jsonrpc: "2.0", ...reply })}\n`);
  }
}

if (argumentsGiven.includes("--version")) {
  const { version } = JSON.parse(await readFile(join(engineFolder, "package.json"), "utf8"));
  process.stdout.write(`schema-engine-cli ${version}\n`);
} else if (argumentsGiven.includes("cli")) {
  try {
    await databaseCommand(argumentsGiven[argumentsGiven.indexOf("cli") + 1]);
  } catch (error) {
    // The CLI drops the first line of the error stream.
    writeLog("INFO", "starting");
    writeLog("ERROR", error.message || String(error.code), errorCodes[error.code] ?? "P1001");
    process.exitCode = 1;
  }
} else {
  // A panic traps inside a promise of the engine's own, which then never settles: 101 tells the CLI what it was.
  process.on("uncaughtException", (error) => {
    writeLog("ERROR", panic.message || error.message);
    process.exit(101);
  });
  await serve();
}
