/** On columns that there is no room for between a phone, where rows are cards, and a screen; what is open tells them. */
export const hiddenWhenNarrow = "sm:max-lg:hidden";
