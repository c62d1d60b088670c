# Put the table file between the two marks of the document.
BEGIN { mark = "<!-- " (mark == "" ? "template corpus" : mark) " -->" }
$0 == mark { print; while ((getline line < table) > 0) print line; skip = 1; next }
/^<!-- end -->$/ { skip = 0 }
!skip
