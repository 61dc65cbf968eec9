import { readFile } from "node:fs/promises";
import { database, transaction } from "#lib/db.ts";
import { setting } from "#lib/env.ts";
import { announce } from "#lib/live/mutations.ts";
