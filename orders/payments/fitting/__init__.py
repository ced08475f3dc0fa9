"""The matcher's weights, fitted on transfers of which somebody knows what they paid."""
