"""What every route and page uses: paging, posting, schemas, frame, drawing."""
