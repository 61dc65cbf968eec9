"use client";
import type { Permission } from "#lib/auth/permissions.ts";
import { useMay } from "./signed-in.tsx";

/** Why commands beside it are off: nothing for who may. */
export function PermissionNote({ permission }: { permission: Permission }) {
  if (useMay(permission)) return null;
  return (
    <p className="text-muted">
      This takes the permission <span className="font-mono">{permission}</span>, which you do not have.
    </p>
  );
}
