"use client";
import { lackingWords, type Permission } from "#core/contract/permission.ts";
import { useMay } from "./signed-in.tsx";

/** Why commands beside it are off: nothing for who may. */
export function PermissionNote({ permission }: { permission: Permission }) {
  if (useMay(permission)) return null;
  return <p className="text-muted">{lackingWords(permission)}</p>;
}
