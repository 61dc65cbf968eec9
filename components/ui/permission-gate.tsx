"use client";
import { type ReactNode, useId } from "react";
import { lackingWords, type Permission } from "#core/contract/permission.ts";
import { Notice } from "./notice.tsx";
import { useMay } from "./signed-in.tsx";

/** Controls that take a permission: who does not have it sees them, off, with the reason above. Links inside work. */
export function PermissionGate({ permission, children }: { permission: Permission; children: ReactNode }) {
  const may = useMay(permission);
  const id = useId();
  if (may) return children;
  return (
    <>
      <div id={id} className="mb-2">
        <Notice kind="info">{lackingWords(permission)}</Notice>
      </div>
      <fieldset disabled aria-describedby={id} className="contents">
        {children}
      </fieldset>
    </>
  );
}
