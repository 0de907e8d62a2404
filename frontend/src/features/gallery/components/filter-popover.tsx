"use client";

import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { Select } from "@/components/ui/select";
import { useConfig } from "@/lib/use-config";
import { countFilters, type Filters, NO_FILTERS } from "../filters";
import { FilterButton } from "./filter-button";

interface FilterPopoverProps {
  filters: Filters;
  onChange: (changes: Partial<Filters>) => void;
}

/** The form of the filters. It is loaded when it is opened, so it begins open. */
export function FilterPopover({ filters, onChange }: FilterPopoverProps) {
  const { upload } = useConfig();
  const count = countFilters(filters);
  const field = (name: keyof Filters) => ({
    value: filters[name],
    onChange: (event: { target: { value: string } }) => onChange({ [name]: event.target.value }),
  });
  return (
    <Popover defaultOpen>
      <PopoverTrigger asChild>
        <FilterButton count={count} />
      </PopoverTrigger>
      <PopoverContent align="end" aria-label="Filters" className="w-80 max-w-[calc(100vw-2rem)]">
        <div className="grid grid-cols-2 gap-3">
          <Field label="Format" className="col-span-2">
            <Select {...field("format")}>
              <option value="">Any</option>
              {upload.formats.map((format) => (
                <option key={format} value={format}>
                  {format}
                </option>
              ))}
            </Select>
          </Field>
          <Field label="Tag" className="col-span-2">
            <Input {...field("tag")} autoComplete="off" placeholder="Any" />
          </Field>
          <Field label="Added on or after">
            <Input type="date" max={filters.to} {...field("from")} />
          </Field>
          <Field label="Added on or before">
            <Input type="date" min={filters.from} {...field("to")} />
          </Field>
          <Field label="Minimum width" aside="px">
            <Input type="number" min={0} inputMode="numeric" {...field("minWidth")} />
          </Field>
          <Field label="Minimum height" aside="px">
            <Input type="number" min={0} inputMode="numeric" {...field("minHeight")} />
          </Field>
          <Button
            variant="ghost"
            className="col-span-2"
            disabled={count === 0}
            onClick={() =>
              onChange({ ...NO_FILTERS, search: filters.search, ordering: filters.ordering })
            }
          >
            Clear filters
          </Button>
        </div>
      </PopoverContent>
    </Popover>
  );
}
