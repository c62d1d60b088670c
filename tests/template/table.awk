# Put the table file between the two marks of the document.
/^<!-- template corpus -->$/ { print; while ((getline line < table) > 0) print line; skip = 1; next }
/^<!-- end -->$/ { skip = 0 }
!skip
