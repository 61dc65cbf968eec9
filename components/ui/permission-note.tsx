"use client";
import { lackingWords, type Permission } from "#core/contract/permission.ts";
import { useMay } from "./signed-in.tsx";

/** Why commands beside it are off, which `what` names: nothing for who may. */
export function PermissionNote({ permission, what }: { permission: Permission; what?: string }) {
  if (useMay(permission)) return null;
  return <p className="text-muted">{lackingWords(permission, what)}</p>;
}
