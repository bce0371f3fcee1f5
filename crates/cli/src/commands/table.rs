use rolewrap_core::visible;

/// Rows in columns that are as wide as their widest cell, the last one as it comes. White space, and nothing
/// else, separates the columns, so that other programs can read them too.
pub(super) fn table(rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| visible(cell)).collect())
        .collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell}{}", padding(cell, *width)));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// What is missing from `cell` to be `width` wide. The widths of Rust's own formatting end at 65535.
fn padding(cell: &str, width: usize) -> String {
    " ".repeat(width.saturating_sub(cell.chars().count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_may_be_of_any_length() {
        let long = "ü".repeat(70_000);
        let rows = [
            vec![long.clone(), "b".to_owned()],
            vec!["a".to_owned(), "b".to_owned()],
        ];
        assert_eq!(table(&rows), format!("{long}  b\na{}  b\n", " ".repeat(69_999)));
    }
}
