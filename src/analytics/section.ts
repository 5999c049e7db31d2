/** A part of the page: one or more pictures, and a table that says the same in words. */
export interface Section {
  id: string;
  title: string;
  pictures: Picture[];
  table: Table;
}

export interface Picture {
  heading?: string;
  /** Made by chart*.ts, so that the view may print it as it is. */
  svg: string;
  legend?: { className: string; name: string }[];
}

export interface Table {
  /** The first one is about the heads of the rows, all others are numbers. */
  columns: string[];
  /** Cells are undefined for a day that was not read yet. */
  rows: { head: string; url?: string; cells: string[] | undefined }[];
}
