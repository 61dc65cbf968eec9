"use client";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { ChoiceField, FormSection } from "#components/ui/form-fields.tsx";
import { type Grantable, grantableSchema, permissionsOfRole, type Role, roleSchema } from "#core/contract/role.ts";
import { permissionWords, roleHelp } from "./role-words.ts";

export type May = { role: Role; permissions: readonly Grantable[] };

const roles = roleSchema.options.map((value) => ({ value, words: value }));

/** The role of somebody, and what is granted besides it. */
export function MayFields({ may: { role, permissions }, onChange }: { may: May; onChange: (may: May) => void }) {
  const ofRole = permissionsOfRole[role];
  const grant = (permission: Grantable, on: boolean) =>
    grantableSchema.options.filter((other) => (other === permission ? on : permissions.includes(other)));
  return (
    <>
      <ChoiceField
        label="Role"
        help={roleHelp[role]}
        value={role}
        choices={roles}
        problem={undefined}
        onChange={(value) => onChange({ role: roleSchema.parse(value), permissions })}
      />
      <FormSection title="They may" help="What the role has is ticked; anything else can be granted besides.">
        {grantableSchema.options.map((permission) => (
          <Checkbox
            key={permission}
            label={`${permissionWords[permission]} (${permission})`}
            checked={ofRole.includes(permission) || permissions.includes(permission)}
            disabled={ofRole.includes(permission)}
            onChange={({ target }) => onChange({ role, permissions: grant(permission, target.checked) })}
          />
        ))}
      </FormSection>
    </>
  );
}
