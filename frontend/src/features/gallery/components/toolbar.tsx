"use client";

import { LayoutGrid, List } from "lucide-react";
import dynamic from "next/dynamic";
import { type Ref, useState } from "react";
import { loadPart } from "@/components/lazy-part";
import { Select } from "@/components/ui/select";
import { ToggleGroup } from "@/components/ui/toggle-group";
import { countFilters, type Filters, hasDay, SORTS } from "../filters";
import { setView, type View } from "../view";
import { FilterButton } from "./filter-button";
import { SearchField } from "./search-field";

const load = () => import("./filter-popover").then((all) => all.FilterPopover);
const preload = () => void load().catch(() => undefined); // it is loaded again when it is opened
const FilterPopover = dynamic(() => loadPart(load), { ssr: false });

interface ToolbarProps {
  search: Ref<HTMLInputElement>;
  filters: Filters;
  onChange: (changes: Partial<Filters>) => void;
  view: View;
}

const VIEWS = [
  { value: "grid", label: "Grid", icon: <LayoutGrid aria-hidden /> },
  { value: "list", label: "List", icon: <List aria-hidden /> },
] as const;

export function Toolbar({ search, filters, onChange, view }: ToolbarProps) {
  const [filtering, setFiltering] = useState(false);
  const onlyNewest = hasDay(filters);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SearchField
        ref={search}
        value={filters.search}
        onChange={(value) => onChange({ search: value })}
      />
      {filtering ? (
        <FilterPopover filters={filters} onChange={onChange} />
      ) : (
        <FilterButton
          count={countFilters(filters)}
          aria-haspopup="dialog"
          aria-expanded={false}
          onPointerEnter={preload}
          onFocus={preload}
          onClick={() => setFiltering(true)}
        />
      )}
      <Select
        aria-label="Order"
        className="w-40 max-sm:flex-1"
        value={onlyNewest ? "" : filters.ordering}
        disabled={onlyNewest}
        title={onlyNewest ? "With a date filter, the newest images always come first." : undefined}
        onChange={(event) => onChange({ ordering: event.target.value })}
      >
        {Object.entries(SORTS).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
      <ToggleGroup label="View" value={view} onChange={setView} options={VIEWS} />
    </div>
  );
}
