"use client";
import { Check, CircleUser } from "lucide-react";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "#components/ui/menu.tsx";
import { forgetKeptInput } from "#components/ui/use-kept-input.ts";
import { signOut } from "#lib/auth/actions.ts";
import { type Theme, themeCookie } from "./theme.ts";
import { useZoneChoice } from "./use-zone-choice.ts";

const themes: readonly { value: Theme; label: string }[] = [
  { value: "auto", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];
const yearSeconds = 31_536_000;

type UserMenuProps = { name: string; theme: Theme };

/** Who is signed in, the theme, and the way out. */
export function UserMenu({ name, theme: initialTheme }: UserMenuProps) {
  const [theme, setTheme] = useState(initialTheme);
  const { zone, choose } = useZoneChoice();
  const trigger = (
    <Button variant="quiet" className="min-w-8 shrink-0 max-sm:px-1" aria-label={`Account of ${name}`}>
      <CircleUser aria-hidden size={16} />
      <span className="max-w-40 truncate max-sm:hidden">{name}</span>
    </Button>
  );
  return (
    <Menu trigger={trigger}>
      <MenuLabel>{name}</MenuLabel>
      <MenuSeparator />
      <MenuLabel>Theme</MenuLabel>
      {themes.map(({ value, label }) => (
        <MenuItem
          key={value}
          onSelect={() => {
            setTheme(value);
            applyTheme(value);
          }}
        >
          <Check aria-hidden size={14} className={theme === value ? "" : "invisible"} />
          {label}
          {theme === value && <span className="sr-only">(chosen)</span>}
        </MenuItem>
      ))}
      {/* Wider screens have it in the bar at the top. */}
      <div className="lg:hidden">
        <MenuSeparator />
        <MenuLabel>Times in</MenuLabel>
        {[false, true].map((local) => (
          <MenuItem key={String(local)} onSelect={() => choose(local)}>
            <Check aria-hidden size={14} className={local === (zone !== "UTC") ? "" : "invisible"} />
            {local ? "Local" : "UTC"}
            {local === (zone !== "UTC") && <span className="sr-only">(chosen)</span>}
          </MenuItem>
        ))}
      </div>
      <MenuSeparator />
      <MenuItem
        onSelect={() => {
          forgetKeptInput();
          void signOut();
        }}
      >
        Sign out
      </MenuItem>
    </Menu>
  );
}

function applyTheme(theme: Theme): void {
  document.cookie = `${themeCookie}=${theme}; path=/; max-age=${yearSeconds}; samesite=lax`;
  if (theme === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}
